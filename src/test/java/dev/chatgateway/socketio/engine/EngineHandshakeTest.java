package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.engine.EchoServer.Echo;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes: what a good one is answered with, and which are refused. */
class EngineHandshakeTest {
  private final EchoServer server = new EchoServer();
  private final EngineFixture engine = server.engine;
  private final List<Echo> opened = server.opened;

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void aPollingHandshakeTellsExactlyFiveThings() throws Exception {
    HttpResponse<String> response = engine.get("polling");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(response.body())
        .matches("0\\{\"sid\":\"[^\"]+\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":25000,"
            + "\"pingTimeout\":20000,\"maxPayload\":10000}");
  }

  @Test
  void aWebSocketHandshakeOffersNoUpgrade() throws Exception {
    assertThat((String) engine.webSocketOf("").next())
        .matches("0\\{\"sid\":\"[^\"]+\",\"upgrades\":\\[],\"pingInterval\":25000,"
            + "\"pingTimeout\":20000,\"maxPayload\":10000}");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ?EIO=4, 0, Transport unknown",
    "GET, ?EIO=4&transport=abc, 0, Transport unknown",
    "GET, ?EIO=4&transport=webtransport, 0, Transport unknown",
    "GET, ?EIO=4&transport=polling&sid=nobody, 1, Session ID unknown",
    "POST, ?EIO=4&transport=polling&sid=nobody, 1, Session ID unknown",
    "POST, ?EIO=4&transport=polling, 2, Bad handshake method",
    "PUT, ?EIO=4&transport=polling, 2, Bad handshake method",
    "GET, ?EIO=4&transport=websocket, 3, Bad request",
    "GET, ?EIO=4&transport=polling&j=0, 3, Bad request",
    "GET, ?transport=polling, 5, Unsupported protocol version",
    "GET, ?EIO=3&transport=polling, 5, Unsupported protocol version",
    "GET, ?EIO=abc&transport=polling, 5, Unsupported protocol version",
  })
  void badHandshakesAreRefusedByNumber(String method, String query, int code, String message)
      throws Exception {
    HttpResponse<String> response =
        engine.send(engine.requestOf(query).method(method, BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.body())
        .isEqualTo("{\"code\":" + code + ",\"message\":\"" + message + "\"}");
    assertThat(opened).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/engine.io/?transport=websocket",
        "/engine.io/?EIO=3&transport=websocket",
        "/engine.io/?EIO=4",
        "/engine.io/?EIO=4&transport=polling",
        "/engine.io/?EIO=4&transport=websocket&sid=nobody",
        "/engine.io/?EIO=4&transport=websocket&x=%zz"
      })
  void badUpgradesAreRefused(String path) throws Exception {
    assertThat(RawHttp.upgrade(engine.port(), path)).startsWith("HTTP/1.1 400 Bad Request");
    assertThat(engine.server.sessions()).isZero();
  }

  @Test
  void onlyTwoHandshakeHeadersAreKept() throws Exception {
    engine.send(
        engine.request("polling").header("Authorization", "Bearer x").header("Origin", "o"));

    EngineConnection connection = opened.get(0).connection;
    assertThat(connection.handshakeHeaders()).isEqualTo(new HandshakeHeaders("Bearer x", "o"));
  }
}
