package dev.chatgateway.socketio;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** A WebSocket whose messages are waited for. */
public final class WebSocketClient implements WebSocket.Listener {
  private static final long WAIT_S = 10;

  private final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder parts = new StringBuilder();
  private final WebSocket socket;

  WebSocketClient(HttpClient client, URI uri) throws Exception {
    socket = client.newWebSocketBuilder().buildAsync(uri, this).get(WAIT_S, SECONDS);
  }

  public void send(String text) throws Exception {
    socket.sendText(text, true).get(WAIT_S, SECONDS);
  }

  public void sendPart(String text, boolean last) throws Exception {
    socket.sendText(text, last).get(WAIT_S, SECONDS);
  }

  public void send(byte[] bytes) throws Exception {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).get(WAIT_S, SECONDS);
  }

  /** Leaves as a browser does. */
  public void close() {
    socket.sendClose(1000, "");
  }

  /** Leaves without a word. */
  public void abort() {
    socket.abort();
  }

  /** The next message, a string or bytes. */
  public Object next() throws Exception {
    Object message = messages.poll(WAIT_S, SECONDS);
    if (message == null) {
      throw new AssertionError("no message came; close code: " + closed.getNow(null));
    }
    return message;
  }

  /** The next message that is no ping. */
  public Object nextData() throws Exception {
    Object message = next();
    while (message.equals("2")) {
      message = next();
    }
    return message;
  }

  /** The code the server closes with, once it does. */
  public int closeCode() throws Exception {
    return closed.get(WAIT_S, SECONDS);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    parts.append(data);
    if (last) {
      messages.add(parts.toString());
      parts.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    messages.add(bytes);
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }
}
