package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which headers of those that a browser asks for a page may send. */
class AskedHeadersTest {
  private static final String ALWAYS = "authorization, content-type";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sentry-trace,baggage                | authorization, content-type, sentry-trace, baggage",
        "' traceparent , TraceState,'        | authorization, content-type, traceparent, tracestate",
        "content-type,x-extra,x-extra        | authorization, content-type, x-extra",
        "chat-forwarded-by,Chat-Pod,x        | authorization, content-type, x",
        "'a b,x:y,\u00e4,(z),\"q\",{,*'      | authorization, content-type, *",
        "',,,'                               | authorization, content-type",
      })
  void namesAreAllowedIfTheyAreSome(String asked, String allowed) {
    assertThat(AskedHeaders.allowed(asked)).isEqualTo(allowed);
  }

  @Test
  void namesAreBounded() {
    String many =
        IntStream.range(0, 1_000).mapToObj(i -> "x-" + i).collect(Collectors.joining(","));

    assertThat(AskedHeaders.allowed(many).split(", ")).hasSize(32);
    assertThat(AskedHeaders.allowed("x".repeat(65) + "," + "y".repeat(64)))
        .isEqualTo(ALWAYS + ", " + "y".repeat(64));
    assertThat(AskedHeaders.allowed(null)).isEqualTo(ALWAYS);
  }

  @Test
  void lineBreaksNeverPass() {
    assertThat(AskedHeaders.allowed("x\r\nset-cookie: a,y\nz,\u2028")).isEqualTo(ALWAYS);
  }
}
