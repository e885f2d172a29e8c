package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body is framed in one way only; whoever says another is refused, and not asked again. */
@QuarkusTest
class TransferCodingTest {
  private static final String BODY =
      "{\"id\":\"coding-1\",\"user_id\":1,\"user_name\":\"Ann\",\"text\":\"hi\"}";
  private static final Duration SOON = Duration.ofSeconds(5);

  @TestHTTPResource("/api/tickets/transfer-coding/messages")
  URI address;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked, xchunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked;q=1, xchunked",
        "Transfer-Encoding: chunked,\r\n xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5"
      })
  void otherCodingIsRefusedAndTheConnectionEnds(String framing) {
    try (RawSocket socket = RawSocket.connect(address)) {
      // What follows would be a second request, if the first were taken as having no chunks.
      socket.write(request(framing, chunked(BODY)), request("Content-Length: 0", ""));

      assertThat(socket.readResponse().status()).isIn(400, 501);
      assertThat(socket.endsWithin(SOON)).isTrue();
    }
  }

  @Test
  void chunksAreTakenHoweverTheyAreSpelt() {
    try (RawSocket socket = RawSocket.connect(address)) {
      socket.write(request("Transfer-Encoding: Chunked", chunked(BODY)));

      assertThat(socket.readResponse().status()).isEqualTo(201);
    }
  }

  private byte[] request(String framing, String body) {
    String head = "POST " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
        + "\r\nAuthorization: Bearer " + Tokens.service().sign()
        + "\r\nContent-Type: application/json\r\n" + framing + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  private static String chunked(String body) {
    return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
  }
}
