package dev.chatgateway.relay;

import dev.chatgateway.redis.Epochs;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.PubSubLink;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Seat;
import dev.chatgateway.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Brings the events of tickets to the seats of this pod. A ticket's channel is subscribed while
 * somebody here sits in its room ({@link Subscriptions}); pub/sub is only the hint, and whatever it
 * lost is read from the store before anything later is delivered ({@link Resequencer}). So each
 * room hears everything once and in order, and all its seats here hear it ({@link FanOut}).
 *
 * <p>Rooms are touched on the main loop only, seats on their own.
 */
public final class Relay implements PubSubLink.Listener {
  private static final Logger LOG = Logger.getLogger(Relay.class);

  private final Loop main;
  private final Keys keys;
  private final RelayMetrics metrics;
  private final FanOut fanOut;
  private final Resequencer resequencer;
  private final Subscriptions subscriptions;

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
    this.main = loops.main();
    this.keys = keys;
    this.metrics = new RelayMetrics(registry);
    this.fanOut = new FanOut(loops, tracing);
    this.resequencer = new Resequencer(
        main,
        new Healer(keys, epochs, main, config.healsAtOnce(), metrics.rejected::increment),
        config.heldEvents(),
        metrics,
        fanOut::deliver,
        this::startedAnew);
    this.subscriptions = new Subscriptions(
        main,
        keys,
        loops.all().size(),
        config.unsubscribeDelay(),
        metrics,
        resequencer::heal,
        resequencer::interrupted);
  }

  // --- wiring, before start

  /** Who renders envelopes of that kind. */
  public void render(char kind, Renderer renderer) {
    fanOut.render(kind, renderer);
  }

  /** What has to be stored about tickets before this pod listens to them, and after. */
  public void index(
      Function<Collection<String>, Future<Void>> before,
      Function<Collection<String>, Future<Void>> after) {
    subscriptions.index(before, after);
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
    subscriptions.start(pubSub);
  }

  /** Whether the subscribed connection works. */
  public boolean isUp() {
    return subscriptions.isUp();
  }

  // --- seats, from their own loops

  /**
   * Seats a session in its room: from now on events queue in the seat.
   *
   * @return completes, on the seat's loop, when nothing that is published from then on can be missed
   */
  public Future<Void> enter(Seat seat) {
    Loop loop = seat.session().loop();
    fanOut.add(seat);
    Promise<Void> live = Promise.promise();
    main.run(() -> {
      Room room = subscriptions.open(seat.ticketId());
      room.seatsByLoop[loop.index()]++;
      resequencer.whenLive(room, seat, live);
    });
    Promise<Void> onLoop = Promise.promise();
    live.future().onComplete(result -> loop.run(() -> onLoop.handle(result)));
    return onLoop.future();
  }

  /** Gives a seat up; does nothing for one that has been given up already. */
  public void leave(Seat seat) {
    Loop loop = seat.session().loop();
    seat.discard();
    if (!fanOut.remove(seat)) {
      return;
    }
    main.run(() -> {
      Room room = subscriptions.get(seat.ticketId());
      room.seatsByLoop[loop.index()]--;
      resequencer.left(room, seat);
      if (room.isEmpty()) {
        room.emptySinceNanos = System.nanoTime();
      }
    });
  }

  /** Puts all seats in their rooms again: the store no longer knows of them. */
  public void reseatAll() {
    fanOut.forEachSeat(seat -> reseat.accept(seat, false));
  }

  /** The tickets this pod listens to. Call on the main loop. */
  public List<String> tickets() {
    return subscriptions.rooms().stream().map(room -> room.ticketId).toList();
  }

  /** Whether this pod listens to that ticket. Call on the main loop. */
  public boolean hears(String ticketId) {
    return subscriptions.get(ticketId) != null;
  }

  /** Reads all rooms from the store again. Call on the main loop. */
  public void checkAll() {
    subscriptions.rooms().forEach(resequencer::heal);
  }

  // --- what Redis tells

  @Override
  public void up() {
    LOG.info("Listening to Redis");
    onUp.run();
  }

  @Override
  public void subscribable() {
    subscriptions.subscribable();
  }

  @Override
  public void down(Predicate<String> channels) {
    subscriptions.down(channels);
  }

  @Override
  public void subscribed(String channel) {
    subscriptions.subscribed(channel);
  }

  @Override
  public void message(String channel, byte[] payload) {
    String ticketId = keys.ticketOf(channel);
    if (ticketId == null) {
      otherChannels.accept(channel, payload);
      return;
    }
    Room room = subscriptions.get(ticketId);
    if (room != null) {
      metrics.received.increment();
      resequencer.received(room, payload);
    }
  }

  private void startedAnew(Room room) {
    fanOut.forEachSeat(room.ticketId, seat -> reseat.accept(seat, true));
  }
}
