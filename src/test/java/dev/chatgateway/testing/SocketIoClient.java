package dev.chatgateway.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A client on the Socket.IO door over WebSocket. Frames are those of the plain door, put into
 * packets and taken out of them here, so that a test may be the same for both. Being put out of the
 * namespace is kept as an event {@code disconnect}.
 */
public final class SocketIoClient extends Client {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final Map<Integer, JsonNode> refs = new HashMap<>();
  private final CompletableFuture<JsonNode> connected = new CompletableFuture<>();
  private final String auth;
  private final CompletableFuture<WebSocket> opening = new CompletableFuture<>();
  private CompletableFuture<WebSocket> sending = opening;
  private int acks;

  private SocketIoClient(String auth) {
    this.auth = auth;
  }

  /** A client in the namespace {@code /}, whose CONNECT has brought no token. */
  public static SocketIoClient connect(URI gateway) {
    return connect(gateway, "", Map.of());
  }

  /** A client whose CONNECT has brought that token. */
  public static SocketIoClient connect(URI gateway, String token) {
    String auth = JSON.createObjectNode().put("token", token).toString();
    return connect(gateway, auth, Map.of());
  }

  /**
   * A client in the namespace {@code /}.
   *
   * @param auth the JSON of what the CONNECT brings; may be empty
   * @param headers those of the upgrade
   */
  public static SocketIoClient connect(URI gateway, String auth, Map<String, String> headers) {
    SocketIoClient client = new SocketIoClient(auth);
    URI uri = URI.create(gateway.getScheme().replace("http", "ws") + "://"
        + gateway.getRawAuthority() + "/socket.io/?EIO=4&transport=websocket");
    WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
    headers.forEach(builder::header);
    // Packets may come, and be answered, before the call returns.
    CompletableFuture<WebSocket> opening = client.opening;
    builder.buildAsync(uri, client.new Receiver()).whenComplete((socket, failed) -> {
      if (failed == null) {
        opening.complete(socket);
      } else {
        opening.completeExceptionally(failed);
      }
    });
    opening.join();
    client.connected.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    return client;
  }

  /** Sends one packet as it is. */
  public synchronized void sendPacket(String packet) {
    sending = sending.thenCompose(ready -> ready.sendText(packet, true));
    sending.whenComplete((done, failed) -> {
      if (failed != null) {
        connected.completeExceptionally(failed);
      }
    });
  }

  @Override
  public void sendText(String frame) {
    try {
      ObjectNode plain = (ObjectNode) JSON.readTree(frame);
      ArrayNode event = JSON.createArrayNode().add(plain.get("event"));
      if (plain.has("data")) {
        event.add(plain.get("data"));
      }
      String id = plain.has("ref") ? Integer.toString(ack(plain.get("ref"))) : "";
      sendPacket("42" + id + event);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private synchronized int ack(JsonNode ref) {
    refs.put(++acks, ref);
    return acks;
  }

  // A packet sent as it is bears an id of its own, which then is the reply's ref.
  private synchronized JsonNode refOf(int ack) {
    JsonNode ref = refs.remove(ack);
    return ref == null ? JSON.valueToTree(ack) : ref;
  }

  private void packet(String packet) throws JsonProcessingException {
    String type = packet.length() > 1 && packet.charAt(0) == '4'
        ? packet.substring(0, 2)
        : packet.substring(0, 1);
    String rest = packet.substring(type.length());
    switch (type) {
      case "0" -> sendPacket("40" + auth);
      case "2" -> sendPacket("3");
      case "40" -> connected.complete(JSON.readTree(rest));
      case "41" -> received(new Event("disconnect", JSON.createObjectNode()));
      case "42" -> {
        JsonNode event = JSON.readTree(rest);
        received(new Event(event.get(0).asText(), event.get(1)));
      }
      case "43" -> {
        int end = rest.indexOf('[');
        ObjectNode reply = (ObjectNode) JSON.readTree(rest.substring(end)).get(0);
        reply.set("ref", refOf(Integer.parseInt(rest.substring(0, end))));
        received(reply.toString());
      }
      default -> connected.completeExceptionally(new AssertionError("unexpected: " + packet));
    }
  }

  @Override
  public synchronized void abort() {
    opening.join().abort();
    ended(1006, "aborted here");
  }

  @Override
  public void close() {
    if (!isClosed()) {
      sendPacket("41");
      sendPacket("1");
      awaitClose();
    }
    opening.join().abort();
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          packet(text.toString());
        } catch (JsonProcessingException e) {
          throw new IllegalStateException("not JSON: " + text, e);
        } finally {
          text.setLength(0);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      connected.completeExceptionally(new AssertionError("closed: " + code + " " + reason));
      ended(code, reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      connected.completeExceptionally(error);
      ended(1006, String.valueOf(error));
    }
  }
}
