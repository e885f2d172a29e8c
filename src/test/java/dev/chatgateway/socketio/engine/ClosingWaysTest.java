package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way by which requests come here is about to close, or the server itself. */
class ClosingWaysTest {
  private final Map<String, EngineConnection> sessions = new ConcurrentHashMap<>();
  private final List<String> askedToGo = new CopyOnWriteArrayList<>();
  private final List<String> unused = new CopyOnWriteArrayList<>();
  private final EngineFixture engine;

  ClosingWaysTest() throws Exception {
    engine = new EngineFixture(EngineOptions.DEFAULTS, connection -> {
      sessions.put(connection.sid(), connection);
      return new EngineListener() {
        @Override
        public void text(String message) {
          connection.send(message);
        }

        @Override
        public void binary(byte[] message) {}

        @Override
        public void closed(String reason) {}

        @Override
        public boolean isInUse() {
          return !unused.contains(connection.sid());
        }

        @Override
        public void goAway() {
          askedToGo.add(connection.sid());
        }
      };
    });
  }

  @AfterEach
  void stop() throws Exception {
    engine.close();
  }

  private int wayCloses(String transport, String sid) throws Exception {
    return engine.send(engine.request(transport + "&sid=" + sid).DELETE()).statusCode();
  }

  @Test
  void thePollThatWaitsIsAnsweredAndTheSessionGoesOn() throws Exception {
    String sid = engine.open();
    CompletableFuture<HttpResponse<String>> waiting = engine.pollLater(sid);

    // The poll may come a moment later than what is said of its way.
    await().until(() -> wayCloses("polling", sid) == 204 && waiting.isDone());

    assertThat(waiting.get().body()).isEqualTo("6");
    assertThat(engine.post(sid, "4still here").body()).isEqualTo("ok");
    assertThat(engine.poll(sid).body()).isEqualTo("4still here");
    assertThat(askedToGo).isEmpty();
  }

  @Test
  void whereNoPollWaitsNothingIsSaid() throws Exception {
    String sid = engine.open();
    assertThat(wayCloses("polling", sid)).isEqualTo(204);
    assertThat(wayCloses("websocket", sid)).isEqualTo(204);
    assertThat(engine.post(sid, "4a").body()).isEqualTo("ok");
    assertThat(engine.poll(sid).body()).isEqualTo("4a");
    assertThat(askedToGo).isEmpty();
  }

  @Test
  void aClientOnAWebSocketIsAskedToGo() throws Exception {
    WebSocketClient socket = engine.webSocket();
    String sid = sessions.keySet().iterator().next();
    assertThat(wayCloses("polling", sid)).isEqualTo(204);
    assertThat(askedToGo).isEmpty();

    assertThat(wayCloses("websocket", sid)).isEqualTo(204);

    await().until(() -> askedToGo.equals(List.of(sid)));
    socket.send("4a");
    assertThat(socket.next()).isEqualTo("4a");
  }

  @Test
  void sessionsThatAreOfNoUseAreClosedAndOthersAreNot() throws Exception {
    String used = engine.open();
    String polling = engine.open();
    unused.add(polling);
    CompletableFuture<HttpResponse<String>> waiting = engine.pollLater(polling);

    engine.server.closeUnused(1012, "going");

    assertThat(waiting.get(10, TimeUnit.SECONDS).body()).isEqualTo("1");
    WebSocketClient socket = engine.webSocket();
    sessions.keySet().stream().filter(sid -> !sid.equals(used)).forEach(unused::add);
    engine.server.closeUnused(1012, "going");
    assertThat(socket.closeCode()).isEqualTo(1012);
    await().until(() -> engine.server.sessions() == 1);
    engine.post(used, "4a");
    assertThat(engine.poll(used).body()).isEqualTo("4a");
  }

  @Test
  void anUnknownSessionIsRefused() throws Exception {
    assertThat(wayCloses("polling", "unknown")).isEqualTo(400);
  }
}
