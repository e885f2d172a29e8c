package dev.chatgateway.ticket;

import dev.chatgateway.auth.TicketAccess;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.relay.PodMessages;
import dev.chatgateway.relay.Words;
import dev.chatgateway.session.Broadcast;
import dev.chatgateway.session.Directory;
import dev.chatgateway.session.LocalUser;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells support staff and a ticket's followers of messages and updates in rooms they are not in.
 * Unread counts are read only where there is somebody here to tell.
 */
public final class Notifications {
  private final Loops loops;
  private final Directory directory;
  private final TicketAccess access;
  private final Marks marks;

  public Notifications(Loops loops, Directory directory, TicketAccess access, Marks marks) {
    this.loops = loops;
    this.directory = directory;
    this.access = access;
    this.marks = marks;
  }

  /** Makes them known to what this pod hears. */
  public void register(PodMessages messages) {
    messages.on('n', this::message);
    messages.on('v', this::update);
  }

  /** Words: seq, sent at, author, id, ticket. Payload: author's name, newline, preview. */
  private void message(Words words, byte[] payload) {
    long seq = words.number(0);
    long sentAt = words.number(1);
    String author = words.userId(2);
    String messageId = words.id(3);
    String ticketId = words.id(4);
    Map<String, List<Session>> absent = absent(ticketId, author);
    if (absent.isEmpty()) {
      return;
    }
    String[] text = new String(payload, StandardCharsets.UTF_8).split("\n", 2);
    List<String> users = List.copyOf(absent.keySet());
    unread(ticketId, users, 0, new ArrayList<>()).onSuccess(counts -> {
      for (int i = 0; i < users.size(); i++) {
        JsonWriter json = new JsonWriter()
            .beginObject()
            .idField("ticket_id", ticketId)
            .field("message_id", messageId)
            .field("seq", seq)
            .idField("user_id", author)
            .field("user_name", text[0])
            .field("preview", text.length > 1 ? text[1] : "")
            .field("sent_at", Timestamps.iso(sentAt))
            .field("unread", counts.get(i))
            .endObject();
        ServerEvent event = new ServerEvent("ticket_message_notification", json.toBytes());
        send(ticketId, absent.get(users.get(i)), event);
      }
    });
  }

  // A script's arguments are bounded; so are the users asked about at once.
  private Future<List<Long>> unread(
      String ticketId, List<String> users, int from, List<Long> counts) {
    if (from >= users.size()) {
      return Future.succeededFuture(counts);
    }
    int to = Math.min(users.size(), from + 500);
    return marks.unread(loops.main().redis(), ticketId, users.subList(from, to)).compose(some -> {
      counts.addAll(some);
      return unread(ticketId, users, to, counts);
    });
  }

  /** Words: ticket. Payload: the event's data. */
  private void update(Words words, byte[] payload) {
    String ticketId = words.id(0);
    ServerEvent event =
        new ServerEvent("ticket_update_notification", PodMessages.requireObject(payload));
    absent(ticketId, "").values().forEach(sessions -> send(ticketId, sessions, event));
  }

  /** Connections of staff and followers that aren't in the room, by user, but for the author's. */
  private Map<String, List<Session>> absent(String ticketId, String author) {
    Map<String, List<Session>> absent = new LinkedHashMap<>();
    for (Session admin : directory.admins()) {
      add(absent, admin, ticketId, author);
    }
    for (LocalUser follower : directory.followers(ticketId)) {
      for (Session session : follower.sessions()) {
        if (!session.principal().admin()) {
          add(absent, session, ticketId, author);
        }
      }
    }
    return absent;
  }

  private void add(
      Map<String, List<Session>> absent, Session session, String ticketId, String author) {
    if (!session.isUser(author)
        && session.seat(ticketId) == null
        && access.mayEnter(session.principal(), ticketId)) {
      absent
          .computeIfAbsent(session.principal().userId(), user -> new ArrayList<>(1))
          .add(session);
    }
  }

  private static void send(String ticketId, List<Session> sessions, ServerEvent event) {
    Broadcast broadcast = new Broadcast(event, true);
    for (Session session : sessions) {
      broadcast.retain();
      session.loop().run(() -> {
        if (session.seat(ticketId) == null) {
          session.deliver(broadcast);
        }
        broadcast.release();
      });
    }
    broadcast.release();
  }
}
