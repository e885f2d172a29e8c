package dev.chatgateway.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.Pod;
import dev.chatgateway.auth.BearerToken;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.session.Session;
import dev.chatgateway.socketio.namespace.Ack;
import dev.chatgateway.socketio.namespace.Namespace;
import dev.chatgateway.socketio.namespace.NamespaceSocket;
import dev.chatgateway.socketio.namespace.SocketHandler;
import dev.chatgateway.websocket.Trust;
import io.vertx.core.Future;
import java.util.List;

/** The chat, as the namespace {@code /}. A token may come with the CONNECT or the handshake. */
final class ChatNamespace implements Namespace {
  private final Pod pod;

  ChatNamespace(Pod pod) {
    this.pod = pod;
  }

  @Override
  public Future<SocketHandler> connect(NamespaceSocket socket, JsonNode auth) {
    JsonNode given = auth.get("token");
    String header = socket.engine().handshakeHeaders().authorization();
    String token = given != null && given.isTextual() ? given.textValue() : BearerToken.of(header);
    socket.engine().forgetHandshakeHeaders();
    return Future.succeededFuture(new Connected(socket, token));
  }

  private final class Connected implements SocketHandler {
    private final NamespaceSocket socket;
    private String token;
    private Session session;

    Connected(NamespaceSocket socket, String token) {
      this.socket = socket;
      this.token = token;
    }

    @Override
    public void connected() {
      SocketIoOutbound out = new SocketIoOutbound(socket, this::heard);
      session = pod.open(socket.engine().eventLoop(), out);
      if (!socket.isConnected()) {
        endSession(); // it was one too many, or too slow, and ended before it was known here
      } else if (token != null) {
        socket.engine().standing().set(Trust.UNDECIDED);
        pod.authenticate(session, token);
        session.afterTurns(this::decide);
        token = null;
      }
    }

    private void decide() {
      socket
          .engine()
          .standing()
          .set(
              session.principal() != null
                  ? Trust.FULL
                  : session.isBusy() ? Trust.UNDECIDED : Trust.NONE);
    }

    private void heard() {
      session.heard();
    }

    @Override
    public void event(String name, List<JsonNode> arguments, Ack ack) {
      AckReply reply = ack == null ? null : new AckReply(ack);
      ObjectNode data;
      try {
        data = data(arguments);
      } catch (ChatException problem) {
        pod.inbound().bad(session, reply, firstObject(arguments), problem);
        return;
      }
      boolean known = session.principal() != null;
      if (!known) {
        socket.engine().standing().set(Trust.UNDECIDED); // for the rest of a polling body, too
      }
      pod.inbound().received(session, name, socket.length(), data, reply);
      if (!known) {
        session.afterTurns(this::decide);
      }
    }

    @Override
    public void goAway() {
      pod.sendAway(session);
    }

    @Override
    public void disconnected(String reason) {
      if (session != null) {
        endSession();
      }
    }

    // Later, since it may be a broadcast to its room that ends a session too slow for it.
    private void endSession() {
      session.loop().executor().execute(() -> pod.sessions().ended(session));
    }
  }

  private static ObjectNode firstObject(List<JsonNode> arguments) {
    return !arguments.isEmpty() && arguments.get(0) instanceof ObjectNode object ? object : null;
  }

  private static ObjectNode data(List<JsonNode> arguments) {
    JsonNode first = arguments.isEmpty() ? null : arguments.get(0);
    if (arguments.size() > 1) {
      throw ChatException.badRequest("data", "an event has one object for its argument, not more");
    }
    if (first == null || first.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(first instanceof ObjectNode object)) {
      throw ChatException.badRequest("data", "must be an object");
    }
    if (holdsBinary(object)) {
      throw ChatException.badRequest("data", "must not hold binary values");
    }
    return object;
  }

  private static boolean holdsBinary(JsonNode node) {
    for (JsonNode inside : node) {
      if (inside instanceof BinaryNode || holdsBinary(inside)) {
        return true;
      }
    }
    return false;
  }
}
