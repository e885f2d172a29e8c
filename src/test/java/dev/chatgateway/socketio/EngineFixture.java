package dev.chatgateway.socketio;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.chatgateway.socketio.engine.Admission;
import dev.chatgateway.socketio.engine.EngineConnection;
import dev.chatgateway.socketio.engine.EngineListener;
import dev.chatgateway.socketio.engine.EngineOptions;
import dev.chatgateway.socketio.engine.EngineServer;
import dev.chatgateway.socketio.engine.Forwarder;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A server on real sockets, with more loops than one, and a client of it. */
public final class EngineFixture implements AutoCloseable {
  private static final int LOOPS = 3;
  private static final String PATH = "/engine.io/?EIO=4&transport=";

  public final EngineServer server;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int port;

  public EngineFixture(
      EngineOptions options,
      Admission admission,
      Forwarder forwarder,
      Function<EngineConnection, EngineListener> listeners)
      throws Exception {
    server = new EngineServer(
        options, admission, () -> UUID.randomUUID().toString(), forwarder, listeners);
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    vertx
        .deployVerticle(
            () -> new AbstractVerticle() {
              @Override
              public void start(Promise<Void> started) {
                vertx
                    .createHttpServer()
                    .requestHandler(server)
                    .listen(-1) // shared by all instances
                    .onSuccess(http -> port = http.actualPort())
                    .<Void>mapEmpty()
                    .onComplete(started);
              }
            },
            new DeploymentOptions().setInstances(LOOPS))
        .onSuccess(id -> listening.complete(port))
        .onFailure(listening::completeExceptionally);
    listening.get(10, SECONDS);
  }

  public EngineFixture(EngineOptions options, Function<EngineConnection, EngineListener> listeners)
      throws Exception {
    this(options, Admission.ALL, Forwarder.NONE, listeners);
  }

  public int port() {
    return port;
  }

  /** Opens a session on polling; its sid. */
  public String open() throws Exception {
    return sidOf(get("polling").body());
  }

  public static String sidOf(String openPacket) {
    return openPacket.replaceFirst(".*\"sid\":\"([^\"]+)\".*", "$1");
  }

  public HttpResponse<String> get(String transportAndMore) throws Exception {
    return send(request(transportAndMore).GET());
  }

  public CompletableFuture<HttpResponse<String>> pollLater(String sid) {
    return client.sendAsync(request("polling&sid=" + sid).GET().build(), BodyHandlers.ofString());
  }

  public HttpResponse<String> poll(String sid) throws Exception {
    return get("polling&sid=" + sid);
  }

  public HttpResponse<String> post(String sid, String body) throws Exception {
    return send(request("polling&sid=" + sid).POST(BodyPublishers.ofString(body)));
  }

  public HttpRequest.Builder request(String transportAndMore) {
    return HttpRequest.newBuilder(uri("http", PATH + transportAndMore))
        .timeout(Duration.ofSeconds(10));
  }

  public HttpRequest.Builder requestOf(String query) {
    return HttpRequest.newBuilder(uri("http", "/engine.io/" + query))
        .timeout(Duration.ofSeconds(10));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** A session on a WebSocket, its open packet read already. */
  public WebSocketClient webSocket() throws Exception {
    WebSocketClient socket = webSocketOf("");
    socket.next();
    return socket;
  }

  /** A WebSocket to upgrade that session to. */
  public WebSocketClient upgrade(String sid) throws Exception {
    return webSocketOf("&sid=" + sid);
  }

  public WebSocketClient webSocketOf(String more) throws Exception {
    return new WebSocketClient(client, uri("ws", PATH + "websocket" + more));
  }

  private URI uri(String scheme, String path) {
    return URI.create(scheme + "://localhost:" + port + path);
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
  }
}
