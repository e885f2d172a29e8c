package dev.chatgateway.relay;

import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.PubSubLink;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The rooms that this pod listens to. A room is one from the first time somebody here enters it
 * until it has stood empty for a while; so long its channel is subscribed, again after each loss,
 * and the store knows that this pod listens. Owns the rooms by their ticket, whether each is heard,
 * and the subscribed connection. Once started, on the main loop only.
 */
final class Subscriptions {
  private static final Logger LOG = Logger.getLogger(Subscriptions.class);
  private static final long DROP_EVERY_MS = 1000;
  private static final long STORE_AGAIN_MS = 500;

  private final Loop main;
  private final Keys keys;
  private final int loops;
  private final long unsubscribeDelayNanos;
  private final RelayMetrics metrics;
  private final Consumer<Room> heard;
  private final Consumer<Room> unheard;
  private final Map<String, Room> rooms = new HashMap<>();
  private final List<Room> toSubscribe = new ArrayList<>();

  private PubSubLink link;
  private Function<Collection<String>, Future<Void>> beforeSubscribe =
      tickets -> Future.succeededFuture();
  private Function<Collection<String>, Future<Void>> afterUnsubscribe =
      tickets -> Future.succeededFuture();

  /**
   * @param loops how many event loops the pod has
   * @param heard told of a room each time that what is published in it begins to be heard
   * @param unheard told of a room each time that this ends, and messages are lost
   */
  Subscriptions(
      Loop main,
      Keys keys,
      int loops,
      Duration unsubscribeDelay,
      RelayMetrics metrics,
      Consumer<Room> heard,
      Consumer<Room> unheard) {
    this.main = main;
    this.keys = keys;
    this.loops = loops;
    this.unsubscribeDelayNanos = unsubscribeDelay.toNanos();
    this.metrics = metrics;
    this.heard = heard;
    this.unheard = unheard;
    main.every(DROP_EVERY_MS, this::dropEmptyRooms);
  }

  /** What has to be stored about tickets before they are listened to, and after. */
  void index(
      Function<Collection<String>, Future<Void>> before,
      Function<Collection<String>, Future<Void>> after) {
    beforeSubscribe = before;
    afterUnsubscribe = after;
  }

  /** Starts connecting. */
  void start(PubSubLink pubSub) {
    link = pubSub;
    link.start();
  }

  /** Whether the subscribed connection works. */
  boolean isUp() {
    return link != null && link.isUp();
  }

  /** The room of that ticket; null where this pod does not listen to it. */
  Room get(String ticketId) {
    return rooms.get(ticketId);
  }

  /** The room of that ticket, which is subscribed soon where it isn't yet. */
  Room open(String ticketId) {
    Room room = rooms.get(ticketId);
    if (room == null) {
      room = new Room(ticketId, loops);
      rooms.put(ticketId, room);
      metrics.rooms.set(rooms.size());
      subscribeSoon(room);
    }
    return room;
  }

  /** The rooms as they are now. */
  Collection<Room> rooms() {
    return rooms.values();
  }

  private void subscribeSoon(Room room) {
    toSubscribe.add(room);
    if (toSubscribe.size() == 1) {
      main.executor().execute(this::subscribeNow);
    }
  }

  private void subscribeNow() {
    // What is tried again may have been dropped meanwhile; nobody would ever give it up once more.
    List<Room> batch = toSubscribe.stream().filter(room -> !room.dropped).toList();
    toSubscribe.clear();
    if (batch.isEmpty()) {
      return;
    }
    List<String> tickets = batch.stream().map(room -> room.ticketId).toList();
    link.subscribe(channels(batch.stream()));
    beforeSubscribe.apply(tickets).onComplete(stored -> {
      for (Room room : batch) {
        room.indexed = stored.succeeded();
        if (stored.succeeded()) {
          tellIfHeard(room);
        } else {
          main.after(STORE_AGAIN_MS, () -> subscribeSoon(room));
        }
      }
    });
  }

  private void dropEmptyRooms() {
    long now = System.nanoTime();
    List<Room> dropped = new ArrayList<>();
    rooms.values().removeIf(room -> {
      boolean drop = room.isEmpty() && now - room.emptySinceNanos > unsubscribeDelayNanos;
      if (drop) {
        room.dropped = true;
        dropped.add(room);
      }
      return drop;
    });
    if (!dropped.isEmpty()) {
      metrics.rooms.set(rooms.size());
      link.unsubscribe(channels(dropped.stream()));
      afterUnsubscribe
          .apply(dropped.stream().map(room -> room.ticketId).toList())
          .onFailure(e -> LOG.debugf("Entries of left rooms stay: %s", e.getMessage()));
    }
  }

  // --- what the link tells, see PubSubLink.Listener

  void subscribable() {
    link.subscribe(channels(rooms.values().stream().filter(room -> !room.acknowledged)));
  }

  void down(Predicate<String> channels) {
    for (Room room : rooms.values()) {
      if (room.acknowledged && channels.test(keys.ticketChannel(room.ticketId))) {
        room.acknowledged = false;
        unheard.accept(room);
      }
    }
  }

  void subscribed(String channel) {
    String ticketId = keys.ticketOf(channel);
    Room room = ticketId == null ? null : rooms.get(ticketId);
    if (room != null) {
      room.acknowledged = true;
      tellIfHeard(room);
    }
  }

  private void tellIfHeard(Room room) {
    if (room.isHeard()) {
      heard.accept(room);
    }
  }

  private List<String> channels(Stream<Room> of) {
    return of.map(room -> keys.ticketChannel(room.ticketId)).toList();
  }
}
