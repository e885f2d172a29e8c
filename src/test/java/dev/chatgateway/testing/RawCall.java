package dev.chatgateway.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends one HTTP request exactly as it is written, which no HTTP client does. */
public final class RawCall {
  private RawCall() {}

  /** Sends a request without a body to the server of that address and returns the answer. */
  public static RawSocket.Response send(
      URI server, String method, String target, String... headers) {
    return sendBody(server, method, target, "", headers);
  }

  /** Sends a request whose body follows its head as it stands: framing it is up to the headers. */
  public static RawSocket.Response sendBody(
      URI server, String method, String target, String body, String... headers) {
    try (RawSocket raw = RawSocket.connect(server)) {
      raw.write(head(server, method, target, headers), body.getBytes(StandardCharsets.UTF_8));
      return method.equals("HEAD")
          ? new RawSocket.Response(raw.readHead(), "")
          : raw.readResponse();
    }
  }

  /** Returns the bytes of a request up to its body. */
  public static byte[] head(URI server, String method, String target, String... headers) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    head.append("Host: ").append(server.getAuthority()).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
