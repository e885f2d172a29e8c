package dev.chatgateway.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A client over a real WebSocket, on the plain door {@code /chat}. */
public final class ChatClient extends Client {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private WebSocket socket;
  // The socket takes one message at a time.
  private CompletableFuture<WebSocket> sending;

  private ChatClient() {}

  /** Connects to the plain door of a gateway: {@code http://host:port} or the whole address. */
  public static ChatClient connect(URI gateway) {
    return to(gateway).connect();
  }

  /** What is to be said on the upgrade, before {@link Handshake#connect}. */
  public static Handshake to(URI gateway) {
    return new Handshake(gateway);
  }

  /** A handshake being put together. */
  public static final class Handshake {
    private final URI uri;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> subprotocols = new ArrayList<>();

    private Handshake(URI gateway) {
      String scheme = gateway.getScheme().replace("http", "ws");
      String path = gateway.getRawPath() == null || gateway.getRawPath().length() <= 1
          ? "/chat"
          : gateway.getRawPath();
      String query = gateway.getRawQuery() == null ? "" : "?" + gateway.getRawQuery();
      uri = URI.create(scheme + "://" + gateway.getRawAuthority() + path + query);
    }

    public Handshake header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /** The token as an Authorization header. */
    public Handshake bearer(String token) {
      return header("Authorization", "Bearer " + token);
    }

    public Handshake subprotocols(String... names) {
      subprotocols.addAll(List.of(names));
      return this;
    }

    public ChatClient connect() {
      ChatClient client = new ChatClient();
      WebSocket socket = open(client).join();
      synchronized (client) {
        client.socket = socket;
        client.sending = CompletableFuture.completedFuture(socket);
      }
      return client;
    }

    /** Requires that the gateway refuses the upgrade, and returns its HTTP response. */
    public HttpResponse<?> refusal() {
      try {
        open(new ChatClient()).join().abort();
      } catch (CompletionException e) {
        if (e.getCause() instanceof WebSocketHandshakeException refused) {
          return refused.getResponse();
        }
        throw e;
      }
      throw new AssertionError("the upgrade was not refused");
    }

    private CompletableFuture<WebSocket> open(ChatClient client) {
      WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
      headers.forEach(builder::header);
      if (!subprotocols.isEmpty()) {
        String[] others = subprotocols.subList(1, subprotocols.size()).toArray(String[]::new);
        builder.subprotocols(subprotocols.get(0), others);
      }
      return builder.buildAsync(uri, client.new Receiver());
    }
  }

  /** The subprotocol the gateway chose; empty where there is none. */
  public synchronized String subprotocol() {
    return socket.getSubprotocol();
  }

  @Override
  public void sendText(String frame) {
    write(socket -> socket.sendText(frame, true));
  }

  /** Sends a text message in that many frames. */
  public void sendText(List<String> parts) {
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      boolean last = i == parts.size() - 1;
      write(socket -> socket.sendText(part, last));
    }
  }

  public void sendBinary(byte[] bytes) {
    write(socket -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
  }

  private synchronized void write(Write write) {
    sending = sending.thenCompose(write::to);
  }

  private interface Write {
    CompletableFuture<WebSocket> to(WebSocket socket);
  }

  @Override
  public synchronized void abort() {
    socket.abort();
    ended(1006, "aborted here");
  }

  @Override
  public void close() {
    close(WebSocket.NORMAL_CLOSURE, "");
  }

  public synchronized void close(int code, String reason) {
    if (isClosed()) {
      socket.abort();
      return;
    }
    write(socket -> socket.sendClose(code, reason));
    try {
      awaitClose();
    } finally {
      socket.abort();
    }
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      ended(code, reason);
      return null; // answers with the same code
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ended(1006, String.valueOf(error));
    }
  }
}
