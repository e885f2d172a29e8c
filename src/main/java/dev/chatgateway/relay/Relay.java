package dev.chatgateway.relay;

import dev.chatgateway.redis.Epochs;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.PubSubLink;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.RoomEvent;
import dev.chatgateway.session.Seat;
import dev.chatgateway.tracing.MessageSpan;
import dev.chatgateway.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Brings the events of tickets to the seats of this pod. A ticket's channel is subscribed while
 * somebody here sits in its room; pub/sub is only the hint, and whatever it lost is read from the
 * store before anything later is delivered. So each room hears everything once and in order.
 *
 * <p>Rooms are touched on the main loop only, seats on their own.
 */
public final class Relay implements PubSubLink.Listener {
  private static final Logger LOG = Logger.getLogger(Relay.class);
  private static final long COMPLAINTS_APART_NANOS = 60_000_000_000L;

  private final Loops loops;
  private final Loop main;
  private final Keys keys;
  private final RelayConfig config;
  private final RelayMetrics metrics;
  private final Tracing tracing;
  private final Healer healer;
  private final LocalRooms[] localRooms;
  private final Map<String, Room> rooms = new HashMap<>();
  private final Map<Character, Renderer> renderers = new HashMap<>();
  private final List<Room> toSubscribe = new ArrayList<>();

  private PubSubLink link;
  private Function<Collection<String>, Future<Void>> beforeSubscribe = tickets -> done();
  private Function<Collection<String>, Future<Void>> afterUnsubscribe = tickets -> done();
  private BiConsumer<Seat, Boolean> reseat = (seat, told) -> {};
  private BiConsumer<String, byte[]> otherChannels = (channel, payload) -> {};
  private Runnable onUp = () -> {};

  public Relay(
      Loops loops,
      Keys keys,
      Epochs epochs,
      RelayConfig config,
      MeterRegistry registry,
      Tracing tracing) {
    this.loops = loops;
    this.main = loops.main();
    this.keys = keys;
    this.config = config;
    this.metrics = new RelayMetrics(registry);
    this.tracing = tracing;
    this.healer = new Healer(keys, epochs, main, config.healsAtOnce(), metrics.rejected::increment);
    this.localRooms = new LocalRooms[loops.all().size()];
    for (int i = 0; i < localRooms.length; i++) {
      localRooms[i] = new LocalRooms();
    }
    main.every(1000, this::dropEmptyRooms);
  }

  // --- wiring, before start

  /** Who renders envelopes of that kind. */
  public void render(char kind, Renderer renderer) {
    renderers.put(kind, renderer);
  }

  /** What has to be stored about tickets before this pod listens to them, and after. */
  public void index(
      Function<Collection<String>, Future<Void>> before,
      Function<Collection<String>, Future<Void>> after) {
    beforeSubscribe = before;
    afterUnsubscribe = after;
  }

  /** What puts a seat in its room again; true where the client must be told the room's state. */
  public void reseat(BiConsumer<Seat, Boolean> action) {
    reseat = action;
  }

  /** Who hears the channels that are no ticket's. */
  public void otherChannels(BiConsumer<String, byte[]> listener) {
    otherChannels = listener;
  }

  /** Called when pub/sub has come back. */
  public void onUp(Runnable action) {
    onUp = action;
  }

  public void start(PubSubLink pubSub) {
    link = pubSub;
    link.start();
  }

  /** Whether the subscribed connection works. */
  public boolean isUp() {
    return link != null && link.isUp();
  }

  // --- seats, from their own loops

  /**
   * Seats a session in its room: from now on events queue in the seat.
   *
   * @return completes, on the seat's loop, when nothing that is published from then on can be missed
   */
  public Future<Void> enter(Seat seat) {
    Loop loop = seat.session().loop();
    localRooms[loop.index()].add(seat);
    Promise<Void> live = Promise.promise();
    main.run(() -> {
      Room room = rooms.get(seat.ticketId());
      if (room == null) {
        room = new Room(seat.ticketId(), localRooms.length);
        rooms.put(seat.ticketId(), room);
        metrics.rooms.set(rooms.size());
        subscribeSoon(room);
      }
      room.seatsByLoop[loop.index()]++;
      if (room.live) {
        live.complete();
      } else {
        room.waitingForPosition.add(live);
      }
    });
    Promise<Void> onLoop = Promise.promise();
    live.future().onComplete(result -> loop.run(() -> onLoop.handle(result)));
    return onLoop.future();
  }

  /** Gives a seat up; does nothing for one that has been given up already. */
  public void leave(Seat seat) {
    Loop loop = seat.session().loop();
    seat.discard();
    if (!localRooms[loop.index()].remove(seat)) {
      return;
    }
    main.run(() -> {
      Room room = rooms.get(seat.ticketId());
      room.seatsByLoop[loop.index()]--;
      if (room.isEmpty()) {
        room.emptySinceNanos = System.nanoTime();
      }
    });
  }

  /** Does something with each seat of a room, each on its own loop. */
  public void forEachSeat(String ticketId, Consumer<Seat> action) {
    for (Loop loop : loops.all()) {
      loop.run(() -> localRooms[loop.index()].forEach(ticketId, action));
    }
  }

  /** Puts all seats in their rooms again: the store no longer knows of them. */
  public void reseatAll() {
    for (Loop loop : loops.all()) {
      loop.run(() -> localRooms[loop.index()].all().forEach(seat -> reseat.accept(seat, false)));
    }
  }

  /** The tickets this pod listens to. Call on the main loop. */
  public List<String> tickets() {
    return List.copyOf(rooms.keySet());
  }

  /** Whether this pod listens to that ticket. Call on the main loop. */
  public boolean hears(String ticketId) {
    return rooms.containsKey(ticketId);
  }

  /** Reads all rooms from the store again. Call on the main loop. */
  public void checkAll() {
    rooms.values().forEach(this::heal);
  }

  // --- subscriptions

  private void subscribeSoon(Room room) {
    toSubscribe.add(room);
    if (toSubscribe.size() == 1) {
      main.executor().execute(this::subscribeNow);
    }
  }

  private void subscribeNow() {
    List<Room> batch = List.copyOf(toSubscribe);
    toSubscribe.clear();
    List<String> tickets = batch.stream().map(room -> room.ticketId).toList();
    link.subscribe(tickets.stream().map(keys::ticketChannel).toList());
    beforeSubscribe.apply(tickets).onComplete(stored -> {
      for (Room room : batch) {
        room.indexed = stored.succeeded();
        if (stored.succeeded()) {
          healIfListening(room);
        } else if (rooms.get(room.ticketId) == room) {
          main.after(500, () -> subscribeSoon(room));
        }
      }
    });
  }

  private void dropEmptyRooms() {
    long now = System.nanoTime();
    long delay = config.unsubscribeDelay().toNanos();
    List<String> dropped = new ArrayList<>();
    rooms.values().removeIf(room -> {
      boolean drop = room.isEmpty() && now - room.emptySinceNanos > delay;
      if (drop) {
        dropped.add(room.ticketId);
      }
      return drop;
    });
    if (!dropped.isEmpty()) {
      metrics.rooms.set(rooms.size());
      link.unsubscribe(dropped.stream().map(keys::ticketChannel).toList());
      afterUnsubscribe
          .apply(dropped)
          .onFailure(e -> LOG.debugf("Entries of left rooms stay: %s", e.getMessage()));
    }
  }

  @Override
  public void up() {
    LOG.info("Listening to Redis");
    onUp.run();
  }

  @Override
  public void subscribable() {
    link.subscribe(rooms.values().stream()
        .filter(room -> !room.acknowledged)
        .map(room -> keys.ticketChannel(room.ticketId))
        .toList());
  }

  @Override
  public void down(Predicate<String> channels) {
    for (Room room : rooms.values()) {
      if (room.acknowledged && channels.test(keys.ticketChannel(room.ticketId))) {
        room.acknowledged = false;
        room.live = false;
      }
    }
  }

  @Override
  public void subscribed(String channel) {
    String ticketId = keys.ticketOf(channel);
    Room room = ticketId == null ? null : rooms.get(ticketId);
    if (room != null) {
      room.acknowledged = true;
      healIfListening(room);
    }
  }

  private void healIfListening(Room room) {
    if (room.acknowledged && room.indexed) {
      heal(room);
    }
  }

  // --- envelopes

  @Override
  public void message(String channel, byte[] payload) {
    String ticketId = keys.ticketOf(channel);
    if (ticketId == null) {
      otherChannels.accept(channel, payload);
      return;
    }
    Room room = rooms.get(ticketId);
    if (room == null) {
      return;
    }
    metrics.received.increment();
    try {
      arrived(room, Envelope.parse(payload));
    } catch (RuntimeException e) {
      rejected(room, e);
    }
  }

  // Whoever renders says IllegalArgumentException to what is not well-formed. Anything else is a
  // defect, which must not harm the room, nor fill the log as often as somebody can publish.
  private void rejected(Room room, RuntimeException e) {
    metrics.rejected.increment();
    if (e instanceof IllegalArgumentException) {
      LOG.debugf("Dropped an envelope of ticket %s: %s", room.ticketId, e.getMessage());
      return;
    }
    long now = System.nanoTime();
    if (room.complainedNanos == 0 || now - room.complainedNanos > COMPLAINTS_APART_NANOS) {
      room.complainedNanos = now;
      LOG.errorf("Dropped envelopes of ticket %s that broke their renderer: %s", room.ticketId, e);
    }
  }

  private void arrived(Room room, Envelope envelope) {
    if (!room.live) {
      if (room.held.size() < config.heldEvents()) {
        room.held.add(envelope);
      } else {
        room.overflowed = true; // they will be read from the store instead
      }
      return;
    }
    switch (room.judge(envelope)) {
      case DELIVER -> deliver(room, envelope);
      case DROP -> {}
      case GAP, OTHER_STATE -> {
        room.held.add(envelope);
        heal(room);
      }
    }
  }

  private void deliver(Room room, Envelope envelope) {
    Renderer renderer = renderers.get(envelope.kind());
    if (renderer == null) {
      throw new IllegalArgumentException("unknown kind");
    }
    RoomEvent event = renderer.render(room.ticketId, envelope);
    room.advance(envelope);
    if (event == null) {
      return;
    }
    MessageSpan span = tracing.deliver(room.ticketId, envelope.seq(), envelope.traceparent());
    span.seats(room.seats());
    for (Loop loop : loops.all()) {
      if (room.seatsByLoop[loop.index()] > 0) {
        event.retain();
        span.retain();
        loop.run(() -> {
          try {
            localRooms[loop.index()].deliver(room.ticketId, event);
          } finally {
            event.release();
            span.release();
          }
        });
      }
    }
    event.release();
    span.release();
  }

  // --- healing

  private void heal(Room room) {
    room.live = false;
    if (!room.acknowledged || !room.indexed) {
      return; // to come with the acknowledgement
    }
    if (room.healing) {
      room.healAgain = true; // what is being read may be of before what is asked for now
      return;
    }
    room.healing = true;
    room.heldBeforeRead = room.held.size();
    healer.read(room).onComplete(read -> {
      boolean outdated = room.healAgain;
      room.healing = false;
      room.healAgain = false;
      if (rooms.get(room.ticketId) != room || !room.acknowledged) {
        return; // nobody needs it now, or it has to be read once more
      }
      if (outdated) {
        heal(room);
        return;
      }
      if (read.failed()) {
        LOG.debugf("Reading ticket %s failed: %s", room.ticketId, read.cause());
        main.after(250, () -> heal(room));
        return;
      }
      healed(room, read.result());
    });
  }

  private void healed(Room room, Healer.Missed missed) {
    if (missed.startedAnew()) {
      metrics.resets.increment();
      LOG.debugf("Ticket %s starts anew: the store lost or rolled back its state", room.ticketId);
    } else if (!missed.envelopes().isEmpty()) {
      metrics.gapsHealed.increment();
      metrics.eventsHealed.increment(missed.envelopes().size());
      for (Envelope envelope : missed.envelopes()) {
        try {
          deliver(room, envelope);
        } catch (RuntimeException e) {
          rejected(room, e);
        }
      }
    }
    room.epoch = missed.epoch();
    room.seq = missed.seq();
    room.rev = missed.rev();
    room.newestId = missed.newestId();
    if (missed.startedAnew()) {
      forEachSeat(room.ticketId, seat -> reseat.accept(seat, true));
    }
    room.live = true;
    boolean again = room.overflowed;
    room.overflowed = false;
    List<Envelope> held = List.copyOf(room.held);
    room.held.clear();
    for (int i = 0; i < held.size(); i++) {
      again |= !settle(room, held.get(i), i < room.heldBeforeRead);
    }
    // Before the store is read again, if it has to be: the room's position is known, and what
    // follows
    // it is held or will be read. Somebody who publishes nonsense can make it be read for ever.
    List<Promise<Void>> waiting = List.copyOf(room.waitingForPosition);
    room.waitingForPosition.clear();
    waiting.forEach(Promise::tryComplete);
    if (again) {
      heal(room);
    }
  }

  /**
   * Deals with an envelope that had to wait for the store to be read.
   *
   * @param older whether it was there before the reading began: then the store held it, and one that
   *     still doesn't fit is a forgery
   * @return false where the store must be read again
   */
  private boolean settle(Room room, Envelope envelope, boolean older) {
    try {
      switch (room.judge(envelope)) {
        case DELIVER -> deliver(room, envelope);
        case DROP -> {}
        case GAP, OTHER_STATE -> {
          if (!older) {
            return false;
          }
          metrics.rejected.increment();
        }
      }
    } catch (RuntimeException e) {
      rejected(room, e);
    }
    return true;
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }
}
