package dev.chatgateway.entrance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RawSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Codings that the decoder takes for chunks, and a proxy may not, are refused on every path. */
class TransferCodingIT {
  private static PodProcess pod;

  @BeforeAll
  static void start() {
    pod = PodProcess.start();
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"
      })
  void otherCodingIsRefusedAndTheConnectionEnds(String coding) {
    for (String path : List.of("/api/tickets/1/messages", "/chat", "/socket.io/", "/nowhere")) {
      try (RawSocket socket = RawSocket.connect(pod.http("/"))) {
        socket.write(("POST " + path + " HTTP/1.1\r\nHost: chat.example\r\n" + coding
                + "\r\n\r\n0\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: chat.example\r\n\r\n")
            .getBytes(UTF_8));

        assertThat(socket.readResponse().status()).as(path).isEqualTo(400);
        assertThat(socket.endsWithin(Duration.ofSeconds(5))).as(path).isTrue();
      }
    }
  }
}
