package dev.chatgateway.it;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.json.JSONException;
import org.json.JSONObject;

/** The Java client as it is, and what it hears. */
final class JavaSocketIoClient implements AutoCloseable {
  private static final long PATIENCE_S = 30;

  /** An event and its data, or what the client says of its connection. */
  record Heard(String event, Object data) {}

  final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final Socket socket;

  /**
   * @param transports none for the client's own choice
   */
  JavaSocketIoClient(URI gateway, List<String> transports, String token) {
    IO.Options options = new IO.Options();
    options.forceNew = true;
    options.reconnectionDelay = 100;
    options.auth = Map.of("token", token);
    if (!transports.isEmpty()) {
      options.transports = transports.toArray(String[]::new);
    }
    socket = IO.socket(gateway, options);
    for (String event :
        List.of("connect", "disconnect", "error", "chat_authenticated", "new_message")) {
      socket.on(event, data -> heard.add(new Heard(event, data.length == 0 ? null : data[0])));
    }
    socket.connect();
  }

  List<Object> all(String event) {
    return heard.stream()
        .filter(one -> one.event().equals(event))
        .map(Heard::data)
        .toList();
  }

  /** Whether the client may come back by itself, or is there. */
  boolean isActive() {
    return socket.isActive();
  }

  /** Asks; the reply comes as the future's result. */
  CompletableFuture<JSONObject> ask(String event, Map<String, ?> data) {
    CompletableFuture<JSONObject> reply = new CompletableFuture<>();
    socket.emit(event, new Object[] {new JSONObject(data)}, (Ack)
        answer -> reply.complete((JSONObject) answer[0]));
    return reply.orTimeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  static Object member(Object json, String name) {
    try {
      return ((JSONObject) json).get(name);
    } catch (JSONException e) {
      throw new AssertionError(json.toString(), e);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
