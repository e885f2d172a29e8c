package dev.chatgateway.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.socketio.engine.Admission;
import dev.chatgateway.socketio.engine.EngineConnection;
import dev.chatgateway.socketio.engine.EngineListener;
import dev.chatgateway.socketio.engine.EngineOptions;
import dev.chatgateway.socketio.engine.EngineServer;
import dev.chatgateway.socketio.engine.Forwarder;
import dev.chatgateway.socketio.namespace.Ack;
import dev.chatgateway.socketio.namespace.Namespace;
import dev.chatgateway.socketio.namespace.NamespaceOptions;
import dev.chatgateway.socketio.namespace.NamespaceServer;
import dev.chatgateway.socketio.namespace.NamespaceSocket;
import dev.chatgateway.socketio.namespace.SocketHandler;
import io.netty.buffer.Unpooled;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the official Socket.IO protocol suites expect on port 3000. See CONTRIBUTING.md. */
public final class ProtocolSuiteServer {
  private static final EngineOptions OPTIONS =
      EngineOptions.DEFAULTS.withHeartbeat(Duration.ofMillis(300), Duration.ofMillis(200));

  private final EngineServer engine = server(EchoListener::new);
  private final EngineServer sockets = server(new NamespaceServer(
      NamespaceOptions.DEFAULTS,
      ProtocolSuiteServer::id,
      Map.of("/", namespace(), "/custom", namespace())));

  /**
   * Starts it.
   *
   * @param arguments the port, 3000 by default; and how many event loops. One by default, since the
   *     suites send requests on two connections at once and count on their order, which only a
   *     server of one thread keeps.
   */
  public static void main(String[] arguments) {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3000;
    int loops = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    ProtocolSuiteServer server = new ProtocolSuiteServer();
    Vertx.vertx()
        .deployVerticle(
            () -> new AbstractVerticle() {
              @Override
              public void start(Promise<Void> started) {
                vertx
                    .createHttpServer()
                    .requestHandler(server::route)
                    .listen(port)
                    .<Void>mapEmpty()
                    .onComplete(started);
              }
            },
            new DeploymentOptions().setInstances(loops))
        .onSuccess(id -> System.out.println("Listening on port " + port))
        .onFailure(e -> {
          System.err.println("Not started: " + e);
          System.exit(1);
        });
  }

  void route(HttpServerRequest request) {
    switch (request.path()) {
      case "/engine.io/" -> engine.handle(request);
      case "/socket.io/" -> sockets.handle(request);
      default -> request.response().setStatusCode(404).end();
    }
  }

  private static EngineServer server(
      java.util.function.Function<EngineConnection, EngineListener> listeners) {
    return new EngineServer(
        OPTIONS, Admission.ALL, ProtocolSuiteServer::id, Forwarder.NONE, listeners);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  /** Sends back each message. */
  record EchoListener(EngineConnection connection) implements EngineListener {
    @Override
    public void text(String message) {
      connection.send(message);
    }

    @Override
    public void binary(byte[] message) {
      connection.send(Unpooled.wrappedBuffer(message));
    }

    @Override
    public void closed(String reason) {}
  }

  static Namespace namespace() {
    return (socket, auth) -> Future.succeededFuture(new EchoHandler(socket, auth));
  }

  /** Says what the client authenticated with, and sends events back. */
  record EchoHandler(NamespaceSocket socket, JsonNode auth) implements SocketHandler {
    @Override
    public void connected() {
      socket.emit("auth", List.of(auth));
    }

    @Override
    public void event(String name, List<JsonNode> arguments, Ack ack) {
      if (name.equals("message")) {
        socket.emit("message-back", arguments);
      } else if (name.equals("message-with-ack") && ack != null) {
        ack.send(arguments);
      }
    }

    @Override
    public void disconnected(String reason) {}
  }
}
