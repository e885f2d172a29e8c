package dev.chatgateway.entrance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that are sent before the one ahead of them, a poll that waits, is answered. */
class PipeliningIT {
  private static final String POLLING = "/socket.io/?EIO=4&transport=polling";
  private static final int MANY = 150_000;

  private static PodProcess pod;

  @BeforeAll
  static void start() {
    // With one loop, whoever keeps it busy keeps everybody waiting.
    pod = PodProcess.start(
        "quarkus.vertx.event-loops-pool-size", "1", "chat.socketio.connect-timeout", "60s");
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  private static String open() {
    String opened = RawCall.send(pod.http("/"), "GET", POLLING).body();
    int at = opened.indexOf("\"sid\":\"") + 7;
    return POLLING + "&sid=" + opened.substring(at, opened.indexOf('"', at));
  }

  private static byte[] request(String line, String rest) {
    return (line + " HTTP/1.1\r\nHost: chat.example\r\n" + rest).getBytes(UTF_8);
  }

  private static double metric(String name) {
    return PodProcess.get(pod.management("/q/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{server_port=\"" + pod.http("/").getPort()))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void whoLeavesAmidTheNextRequestIsLetGoOf() {
    String session = open();
    try (RawSocket client = RawSocket.connect(pod.http("/"))) {
      client.write(
          request("GET " + session, "\r\n"),
          request("POST /nowhere", "Content-Length: 100\r\n\r\nabc"));
    }

    await("nothing of it is left")
        .atMost(Duration.ofSeconds(10))
        .until(() -> metric("http_server_active_connections") == 0
            && metric("http_server_active_requests") == 0);
    assertThat(pod.log()).doesNotContain("Exception");
  }

  @Test
  void manyBehindOneThatWaitsKeepNobodyElseWaiting() {
    String session = open();
    byte[] many =
        new String(request("GET /nowhere", "\r\n"), UTF_8).repeat(MANY).getBytes(UTF_8);
    try (RawSocket client = RawSocket.connect(pod.http("/"))) {
      client.write(request("GET " + session, "\r\n"));
      Thread flood = new Thread(() -> {
        try {
          client.write(many);
        } catch (UncheckedIOException e) {
          // It waits until it is cut off.
        }
      });
      flood.start();

      for (int i = 0; i < 50; i++) {
        assertThat(RawCall.send(pod.http("/"), "GET", "/nowhere").status()).isEqualTo(404);
      }
    }
  }

  @Test
  void whatWaitedIsAnsweredInTurnAndWhatIsLeftOfItRead() {
    String session = open();
    try (RawSocket client = RawSocket.connect(pod.http("/"))) {
      client.write(
          request("GET " + session, "\r\n"),
          request("POST " + session, "Content-Length: 2\r\n\r\n4"));
      String packet = "40{\"token\":\"x\"}";
      assertThat(RawCall.sendBody(
                  pod.http("/"), "POST", session, packet, "Content-Length: " + packet.length())
              .body())
          .isEqualTo("ok");
      assertThat(client.readResponse().body()).as("the poll's answer").isNotEmpty();
      client.write("x".getBytes(UTF_8), request("GET /nowhere", "\r\n"));

      assertThat(client.readResponse().body())
          .isIn("ok", "{\"code\":1,\"message\":\"Session ID unknown\"}");
      assertThat(client.readResponse().status()).isEqualTo(404);
    }
  }
}
