package dev.chatgateway.socketio.engine;

import static dev.chatgateway.socketio.engine.EchoServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pings tell who is still there, on either transport. */
class EngineHeartbeatTest {
  @Test
  void aClientThatAnswersPingsStays() throws Exception {
    try (EchoServer server =
        new EchoServer(OPTIONS.withHeartbeat(Duration.ofMillis(100), Duration.ofMillis(2_000)))) {
      EngineFixture engine = server.engine;
      WebSocketClient socket = engine.webSocket();
      String sid = engine.open();
      for (int i = 0; i < 3; i++) {
        assertThat(socket.next()).isEqualTo("2");
        socket.send("3");
        assertThat(engine.poll(sid).body()).isEqualTo("2");
        engine.post(sid, "3");
      }
      assertThat(server.opened).allSatisfy(echo -> assertThat(echo.ends).isEmpty());
    }
  }

  @Test
  void aClientThatDoesNotIsGone() throws Exception {
    try (EchoServer server =
        new EchoServer(OPTIONS.withHeartbeat(Duration.ofMillis(100), Duration.ofMillis(100)))) {
      EngineFixture engine = server.engine;
      WebSocketClient socket = engine.webSocket();
      String sid = engine.open();

      assertThat(socket.next()).isEqualTo("2");
      assertThat(socket.closeCode()).isEqualTo(1000);
      await().until(() -> engine.server.sessions() == 0);
      assertThat(engine.poll(sid).body()).contains("\"code\":1");
      await()
          .untilAsserted(() -> assertThat(server.opened)
              .allSatisfy(echo -> assertThat(echo.ends).containsExactly("ping timeout")));
    }
  }
}
