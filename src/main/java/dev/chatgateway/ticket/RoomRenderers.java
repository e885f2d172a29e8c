package dev.chatgateway.ticket;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.relay.Envelope;
import dev.chatgateway.relay.MalformedException;
import dev.chatgateway.relay.Relay;
import dev.chatgateway.session.Broadcast;
import dev.chatgateway.session.RoomEvent;
import dev.chatgateway.session.Seat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes the events that a room hears of the envelopes that the scripts of tickets publish. */
public final class RoomRenderers {
  private static final int MAX_NAME = 1024;

  private final Relay relay;
  private final Rooms rooms;

  public RoomRenderers(Relay relay, Rooms rooms) {
    this.relay = relay;
    this.rooms = rooms;
  }

  /** Makes them known to the relay. */
  public void register() {
    relay.render(Envelope.MESSAGE, RoomRenderers::message);
    relay.render('s', RoomRenderers::status);
    relay.render('j', (ticketId, envelope) -> presence("user_joined", ticketId, envelope));
    relay.render('l', (ticketId, envelope) -> presence("user_left", ticketId, envelope));
    relay.render('u', RoomRenderers::update);
    relay.render('k', this::removed);
    relay.render(Envelope.FORGOTTEN, this::forgotten);
  }

  /** Words: id, sent at, author. Payload: the body. */
  private static RoomEvent message(String ticketId, Envelope envelope) {
    if (!JsonReader.isObject(envelope.payload())) {
      throw new MalformedException("a message's body is one JSON object");
    }
    StoredMessage message = new StoredMessage(
        envelope.seq(), id(envelope, 0), envelope.longArg(1), envelope.payload(), Status.SENT);
    JsonWriter json = new JsonWriter(envelope.payload().length + 256);
    message.write(json, ticketId, envelope.epoch());
    return event(envelope, List.of(broadcast("new_message", json, false)));
  }

  /** Words: when, by whom, the letter. Payload: the ids of the messages that moved. */
  private static RoomEvent status(String ticketId, Envelope envelope) {
    String updatedAt = Timestamps.iso(envelope.longArg(0));
    String userId = userId(envelope, 1);
    Status status = status(envelope.arg(2));
    List<Broadcast> broadcasts = new ArrayList<>();
    for (String messageId : envelope.payloadText().split(" ")) {
      if (!Ids.isValid(messageId)) {
        throw new MalformedException("not an id");
      }
      JsonWriter json = new JsonWriter()
          .beginObject()
          .idField("ticket_id", ticketId)
          .field("message_id", messageId)
          .field("status", status.wire())
          .idField("user_id", userId)
          .field("updated_at", updatedAt)
          .endObject();
      broadcasts.add(
          Broadcast.ofStatus(new ServerEvent("message_status_update", json.toBytes()), messageId));
    }
    return event(envelope, broadcasts);
  }

  private static Status status(String letter) {
    try {
      return Status.ofLetter(letter);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not a status");
    }
  }

  /** Words: when, who, is_admin, participants now. Payload: the name. */
  private static RoomEvent presence(String name, String ticketId, Envelope envelope) {
    JsonWriter json = new JsonWriter()
        .beginObject()
        .idField("ticket_id", ticketId)
        .idField("user_id", userId(envelope, 1))
        .field("user_name", name(envelope))
        .field("is_admin", envelope.arg(2).equals("1"))
        .field("participants_count", envelope.longArg(3))
        .endObject();
    return event(envelope, List.of(broadcast(name, json, true)));
  }

  /** Words: when. Payload: the event's data. */
  private static RoomEvent update(String ticketId, Envelope envelope) {
    if (!JsonReader.isObject(envelope.payload())) {
      throw new MalformedException("an update is one JSON object");
    }
    return event(
        envelope,
        List.of(new Broadcast(new ServerEvent("ticket_update", envelope.payload()), false)));
  }

  /** Words: when, who, whether to close their connections. */
  private RoomEvent removed(String ticketId, Envelope envelope) {
    String userId = userId(envelope, 1);
    boolean close = envelope.arg(2).equals("1");
    return event(envelope, List.of(), seat -> {
      if (seat.session().isUser(userId)) {
        rooms.putOut(seat, "removed");
        if (close) {
          seat.session().close(CloseCode.KICKED);
        }
      }
    });
  }

  private RoomEvent forgotten(String ticketId, Envelope envelope) {
    return event(envelope, List.of(), seat -> rooms.putOut(seat, "deleted"));
  }

  private static String id(Envelope envelope, int index) {
    String id = envelope.arg(index);
    if (!Ids.isValid(id)) {
      throw new MalformedException("not an id");
    }
    return id;
  }

  private static String userId(Envelope envelope, int index) {
    String id = envelope.arg(index);
    if (!Ids.isValidUser(id)) {
      throw new MalformedException("not a user's id");
    }
    return id;
  }

  private static String name(Envelope envelope) {
    if (envelope.payload().length > MAX_NAME) {
      throw new MalformedException("name too long");
    }
    return envelope.payloadText();
  }

  private static Broadcast broadcast(String name, JsonWriter json, boolean droppable) {
    return new Broadcast(new ServerEvent(name, json.toBytes()), droppable);
  }

  private static RoomEvent event(Envelope envelope, List<Broadcast> broadcasts) {
    return event(envelope, broadcasts, null);
  }

  private static RoomEvent event(
      Envelope envelope, List<Broadcast> broadcasts, Consumer<Seat> action) {
    return new RoomEvent(
        envelope.epoch(),
        envelope.seq(),
        envelope.rev(),
        envelope.isMessage(),
        null,
        broadcasts,
        action);
  }
}
