package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.engine.EchoServer.Echo;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on a WebSocket from the start. */
class EngineWebSocketTest {
  private final EchoServer server = new EchoServer();
  private final EngineFixture engine = server.engine;
  private final List<Echo> opened = server.opened;

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void aWebSocketCarriesTextAndBinary() throws Exception {
    WebSocketClient socket = engine.webSocket();

    socket.send("4h\u00e9llo");
    socket.send(new byte[] {1, 2, 3});
    socket.sendPart("4par", false);
    socket.sendPart("ts", true);

    assertThat(socket.next()).isEqualTo("4h\u00e9llo");
    assertThat(socket.next()).isEqualTo(new byte[] {1, 2, 3});
    assertThat(socket.next()).isEqualTo("4parts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "7", "2", "bAQID"})
  void aMalformedPacketClosesTheWebSocket(String packet) throws Exception {
    WebSocketClient socket = engine.webSocket();

    socket.send(packet);

    assertThat(socket.closeCode()).isEqualTo(1002);
    await().until(() -> opened.get(0).ends.size() == 1 && engine.server.sessions() == 0);
  }

  @Test
  void aMessageOverTheLimitClosesTheWebSocket() throws Exception {
    WebSocketClient whole = engine.webSocket();
    whole.send("4" + "x".repeat(10_000));
    assertThat(whole.closeCode()).isEqualTo(1009);

    WebSocketClient parts = engine.webSocket();
    parts.sendPart("4" + "x".repeat(6_000), false);
    parts.sendPart("x".repeat(6_000), true);
    assertThat(parts.closeCode()).isEqualTo(1009);
  }

  @Test
  void textThatIsNotUtf8ClosesTheWebSocket() throws Exception {
    try (Socket socket = new Socket("localhost", engine.port())) {
      RawHttp.write(socket, RawHttp.upgradeRequest("/engine.io/?EIO=4&transport=websocket"));
      assertThat(RawHttp.read(socket)).startsWith("HTTP/1.1 101");
      OutputStream out = socket.getOutputStream();
      out.write(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, '4', (byte) 0xC3});
      out.flush();
      InputStream in = socket.getInputStream();
      StringBuilder hex = new StringBuilder();
      for (int b; (b = in.read()) >= 0 && !hex.toString().contains("03ef"); ) {
        hex.append(String.format("%02x", b));
      }
      assertThat(hex).contains("03ef"); // 1007
    }
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void aClientThatIsToCloseIsWaitedFor() throws Exception {
    WebSocketClient socket = engine.webSocket();
    await().until(() -> opened.size() == 1);
    Echo session = opened.get(0);
    CompletableFuture<Integer> left = new CompletableFuture<>();

    session.run(() -> {
      session.connection.send("close, please");
      session.connection.closeAfterClient(4401, "bye");
      left.complete(engine.server.sessions());
    });

    assertThat(left.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(socket.next()).isEqualTo("4close, please");
    socket.send("4nobody hears this");
    socket.send("1");
    assertThat(socket.closeCode()).isEqualTo(1000);
    await().until(() -> engine.server.sessions() == 0);
    assertThat(session.ends).containsExactly("bye");
    assertThat(session.heard).isEmpty();
  }

  @Test
  void aClientThatIsToCloseAndDoesNotIsClosed() throws Exception {
    WebSocketClient socket = engine.webSocket();
    await().until(() -> opened.size() == 1);
    Echo session = opened.get(0);

    session.run(() -> session.connection.closeAfterClient(4401, "bye"));

    assertThat(socket.closeCode()).isEqualTo(4401);
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void compressionIsNotAgreedOn() throws Exception {
    String response = RawHttp.upgrade(
        engine.port(),
        "/engine.io/?EIO=4&transport=websocket",
        "Sec-WebSocket-Extensions: permessage-deflate\r\n");

    assertThat(response).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("permessage");
  }

  @Test
  void theSessionEndsWithItsWebSocket() throws Exception {
    WebSocketClient polite = engine.webSocket();
    WebSocketClient rude = engine.webSocket();
    WebSocketClient byPacket = engine.webSocket();

    polite.close();
    rude.abort();
    byPacket.send("1");

    await().until(() -> opened.stream().allMatch(echo -> echo.ends.size() == 1));
    assertThat(byPacket.closeCode()).isEqualTo(1000);
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void closingHereGivesTheCodeAfterWhatWasSent() throws Exception {
    WebSocketClient socket = engine.webSocket();
    Echo echo = opened.get(0);
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(4408, "slow");
    });

    assertThat(socket.next()).isEqualTo("4last words");
    assertThat(socket.closeCode()).isEqualTo(4408);
    await().until(() -> echo.ends.equals(List.of("slow")));
  }
}
