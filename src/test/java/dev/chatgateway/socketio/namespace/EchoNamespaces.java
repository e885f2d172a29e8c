package dev.chatgateway.socketio.namespace;

import static dev.chatgateway.socketio.namespace.EchoNamespaces.JSON;
import static dev.chatgateway.socketio.namespace.EchoNamespaces.connect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.engine.EngineOptions;
import dev.chatgateway.socketio.namespace.EchoNamespaces.Echo;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of namespaces: two that send events back, and others that let nobody in, or not yet. */
final class EchoNamespaces implements AutoCloseable {
  static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  final EngineFixture engine;
  final List<Echo> echoes = new CopyOnWriteArrayList<>();

  /** What lets clients into {@code /later}. */
  final Promise<SocketHandler> later = Promise.promise();

  EchoNamespaces() {
    this(NamespaceOptions.DEFAULTS);
  }

  EchoNamespaces(NamespaceOptions options) {
    Namespace echo = (socket, auth) -> {
      Echo handler = new Echo(socket, auth);
      echoes.add(handler);
      return Future.succeededFuture(handler);
    };
    Namespace closed = (socket, auth) -> Future.failedFuture(
        new ConnectRefusedException("not you", JSON.objectNode().put("code", 7)));
    try {
      engine = new EngineFixture(
          EngineOptions.DEFAULTS,
          new NamespaceServer(
              options,
              () -> UUID.randomUUID().toString(),
              Map.of(
                  "/", echo,
                  "/custom", echo,
                  "/closed", closed,
                  "/broken", (socket, auth) -> Future.failedFuture("on purpose"),
                  "/later", (socket, auth) -> later.future())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A WebSocket that is connected to that namespace, and has been welcomed. */
  WebSocketClient connected(String namespace) throws Exception {
    WebSocketClient socket = engine.webSocket();
    connect(socket, namespace);
    return socket;
  }

  static void connect(WebSocketClient socket, String namespace) throws Exception {
    socket.send("40" + namespace);
    assertThat((String) socket.next()).startsWith("40" + namespace + "{\"sid\":");
    assertThat(socket.next()).isEqualTo("42" + namespace + "[\"welcome\",{}]");
  }

  /** Sends events back, acknowledges what asks for it. */
  static final class Echo implements SocketHandler {
    final NamespaceSocket socket;
    final JsonNode auth;
    final List<String> ends = new CopyOnWriteArrayList<>();

    Echo(NamespaceSocket socket, JsonNode auth) {
      this.socket = socket;
      this.auth = auth;
    }

    @Override
    public void connected() {
      socket.emit("welcome", List.of(auth));
    }

    @Override
    public void event(String name, List<JsonNode> arguments, Ack ack) {
      if (ack == null) {
        socket.emit("back:" + name, arguments);
      } else {
        ack.send(arguments);
        ack.send("\"twice\"".getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public void disconnected(String reason) {
      ends.add(reason);
    }
  }

  @Override
  public void close() throws Exception {
    engine.close();
  }
}
