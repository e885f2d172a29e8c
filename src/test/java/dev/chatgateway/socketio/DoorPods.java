package dev.chatgateway.socketio;

import dev.chatgateway.auth.OriginConfig;
import dev.chatgateway.auth.TestOrigins;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TwoPods;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;

/**
 * Two pods in this JVM with their Socket.IO doors on real sockets: one has the sessions, the other
 * is asked for them.
 */
public final class DoorPods implements AutoCloseable {
  /** A header of this name is added to the request as {@code name#value}, after the framing. */
  public static final String LATE_HEADER = "Test-Late-Header";

  public static final String SECRET = "the same for all the pods";

  private static final String PATH = "/socket.io/?EIO=4&transport=";

  private final TestPods pods;
  public final DoorPod owner;
  public final DoorPod other;

  /** Starts both pods with these settings, on addresses of IPv4. */
  public DoorPods(String... settings) {
    this(new HttpServerOptions().setHost("127.0.0.1"), settings);
  }

  /** Starts both pods with these settings, and their servers with those options. */
  public DoorPods(HttpServerOptions options, String... settings) {
    pods = new TestPods(Stream.concat(
            Stream.of(
                "chat.peers.secret",
                SECRET,
                "chat.admission.per-second",
                "100000",
                "chat.admission.burst",
                "100000"),
            Stream.of(settings))
        .toArray(String[]::new));
    owner = new DoorPod(pods.start(), options);
    other = new DoorPod(pods.start(), options);
    TwoPods.eventually(
        "both are announced", () -> owner.isFoundBy(other) && other.isFoundBy(owner));
  }

  public String keyPrefix() {
    return pods.keyPrefix();
  }

  /** The request line and Host of a polling request of that session. */
  public String head(String method, String sid) {
    return method + " " + PATH + "polling&sid=" + sid + " HTTP/1.1\r\nHost: chat.example\r\n";
  }

  /** A POST of that body, with its length. */
  public String post(String sid, String body, String... headers) {
    return head("POST", sid) + lines(headers) + "Content-Length: " + body.length() + "\r\n\r\n"
        + body;
  }

  /** A poll. */
  public String poll(String sid, String... headers) {
    return head("GET", sid) + lines(headers) + "\r\n";
  }

  /** A request for a WebSocket that the session is to move to. */
  public String upgrade(String sid, String... headers) {
    return "GET " + PATH + "websocket&sid=" + sid + " HTTP/1.1\r\nHost: chat.example\r\n"
        + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + lines(headers) + "\r\n";
  }

  private static String lines(String... headers) {
    return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
  }

  @Override
  public void close() {
    pods.close();
  }

  /** One of the two. */
  public static final class DoorPod {
    public final TestPods.TestPod pod;
    public final SocketIoDoor door;
    private final HttpServer server;
    private final HttpServerOptions options;

    DoorPod(TestPods.TestPod pod, HttpServerOptions given) {
      this.pod = pod;
      door = new SocketIoDoor(
          pod.vertx(),
          pod.pod(),
          TestOrigins.of(pod.config(OriginConfig.class)),
          pod.config(SocketIoConfig.class),
          pod.config(PeersConfig.class),
          pod.config(LimitsConfig.class),
          pod.metrics(),
          given.getHost(),
          "enabled");
      server = pod.vertx().createHttpServer(given).requestHandler(this::handle);
      try {
        server.listen(0).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      options = new HttpServerOptions(given).setPort(server.actualPort());
      if (given.isSsl()) {
        door.serving(new HttpsServerStart(options));
      } else {
        door.serving(new HttpServerStart(options));
      }
    }

    // As a filter before all routes would, which believes what a client says.
    private void handle(HttpServerRequest request) {
      for (String late : request.headers().getAll(LATE_HEADER)) {
        String[] pair = late.split("#", 2);
        request.headers().add(pair[0], pair[1]);
      }
      door.handle(request);
    }

    private boolean isFoundBy(DoorPod by) {
      return TwoPods.call(
              by.pod, link -> by.pod.pod().addresses().find(by.pod.pod().loops().main(), id()))
          .isPresent();
    }

    public String id() {
      return pod.pod().id();
    }

    public int port() {
      return options.getPort();
    }

    public URI uri() {
      String host = options.getHost();
      return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
    }

    /** All that comes back to a request after which the connection closes. */
    public String askOverTls(SSLSocketFactory tls, String request) {
      try (Socket socket = tls.createSocket(options.getHost(), port())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A connection of whom nothing has been heard. */
    public RawSocket connect() {
      return RawSocket.connect(uri());
    }

    /** What one request of a connection of its own is answered with. */
    public RawSocket.Response ask(String request) {
      try (RawSocket client = connect()) {
        client.write(request.getBytes(StandardCharsets.UTF_8));
        return client.readResponse();
      }
    }

    /** Opens a session of this pod, which has entered no namespace. */
    public String open() {
      return EngineFixture.sidOf(
          ask("GET " + PATH + "polling HTTP/1.1\r\nHost: chat.example\r\n\r\n").body());
    }

    /** How many sessions' requests have been passed on by this pod. */
    public double forwarded() {
      return pod.metrics().get("chat.socketio.forwarded").counter().count();
    }
  }
}
