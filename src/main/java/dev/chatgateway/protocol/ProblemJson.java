package dev.chatgateway.protocol;

/**
 * What a caller over HTTP is told of an error: a problem as RFC 9457 has it, with the {@code code}
 * and the {@code retry} that clients on the sockets get.
 */
public final class ProblemJson {
  public static final String MEDIA_TYPE = "application/problem+json";

  private ProblemJson() {}

  /**
   * The body of the response.
   *
   * @param title the status's reason phrase
   */
  public static byte[] of(int status, String title, ChatException error) {
    JsonWriter json = new JsonWriter()
        .beginObject()
        .field("type", "about:blank")
        .field("title", title)
        .field("status", status)
        .field("detail", error.getMessage())
        .field("code", error.code().wire())
        .field("retry", error.code().retry());
    if (error.retryAfterMs() >= 0) {
      json.field("retry_after_ms", error.retryAfterMs());
    }
    return json.endObject().toBytes();
  }
}
