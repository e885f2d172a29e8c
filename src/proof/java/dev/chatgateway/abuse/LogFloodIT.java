package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RawSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A library that logs an error for each bad request fills no log. */
class LogFloodIT {
  private static final int REQUESTS = 300;
  private static final int BURST = 20;
  private static final byte[] BAD_HTTP2 =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense nonsense".getBytes(StandardCharsets.US_ASCII);

  @Test
  void errorsOfOneCategoryAreLeftOutAfterTheFirst() {
    try (PodProcess pod = PodProcess.start()) {
      long before = System.nanoTime();
      URI management = pod.management("/");
      for (int i = 0; i < REQUESTS; i++) {
        try (RawSocket raw = RawSocket.connect(management)) {
          raw.write(BAD_HTTP2);
          assertThat(raw.endsWithin(Duration.ofSeconds(10))).isTrue();
        }
      }
      await().untilAsserted(() -> assertThat(errors(pod)).isGreaterThanOrEqualTo(BURST));
      long seconds = Duration.ofNanos(System.nanoTime() - before).toSeconds();
      assertThat(errors(pod)).isLessThanOrEqualTo(BURST + seconds + 1);
    }
  }

  private static long errors(PodProcess pod) {
    return pod.log().lines().filter(line -> line.contains(" ERROR ")).count();
  }
}
