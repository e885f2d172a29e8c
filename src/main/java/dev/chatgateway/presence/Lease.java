package dev.chatgateway.presence;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Membership;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The pod's right to speak for its connections. What it stores is named after its incarnation,
 * which it keeps alive by a heartbeat; an incarnation whose lease has run out is swept by any pod,
 * and its own pod takes a new one and stores everything anew before it goes on. The same happens
 * where the store turns out to have been emptied. Time in which no pod reached the store, for half a
 * lease or more, counts for no lease.
 *
 * <p>Keys: {@code {pods}:leases}, a sorted set of incarnations by the end of their lease (Redis's
 * time, ms; 0 for one that was taken for dead), {@code {pods}:loads}, a hash of those that are alive to their {@link PodLoad}, and
 * {@code {pods}:store}, a random id that is lost with the store's data; all live for a day after the
 * last heartbeat of any pod.
 */
public final class Lease implements Membership {
  private static final Logger LOG = Logger.getLogger(Lease.class);
  private static final LuaScript HEARTBEAT = LuaScript.load("presence/heartbeat");
  private static final long KEYS_LIFETIME_MS = Duration.ofDays(1).toMillis();
  // What is stored under the lease must have reached Redis before the others take it for lost.
  private static final int MARGIN_FRACTION = 8;
  private static final int MIN_HEARTBEATS = 3;
  private static final long WAIT_MS = 2000;
  private static final int FORMERS = 8;
  // Nothing that went out under an incarnation reaches Redis so much later.
  private static final long FORMER_NANOS = Duration.ofMinutes(5).toNanos();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Loop main;
  private final Keys keys;
  private final PresenceConfig config;
  private volatile String incarnation = newId();
  private volatile List<Former> formers = List.of();
  private volatile long clockOffsetMs;
  private volatile long goodUntilNanos = System.nanoTime();
  private volatile boolean putOff;
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private String store;
  private boolean registered;
  private boolean beating;
  private boolean closed;
  private boolean doubted;
  private Runnable onLost = () -> {};
  private Consumer<List<String>> onDead = dead -> {};
  private Consumer<String> onGivenUp = incarnation -> {};
  private Supplier<PodLoad> load = () -> new PodLoad(0, true);
  private Consumer<Map<String, Optional<PodLoad>>> onLoads = loads -> {};

  public Lease(Loop main, Keys keys, PresenceConfig config) {
    this.main = main;
    this.keys = keys;
    this.config = config;
    if (config.lease().compareTo(config.heartbeat().multipliedBy(MIN_HEARTBEATS)) < 0) {
      throw new IllegalArgumentException("chat.presence.lease must be at least "
          + MIN_HEARTBEATS
          + " times chat.presence.heartbeat, or a lease would lapse between two heartbeats");
    }
  }

  /** A random id for a pod or an incarnation: 8 characters, 40 bits. */
  public static String newId() {
    StringBuilder id = new StringBuilder(8);
    for (int i = 0; i < 8; i++) {
      id.append("0123456789abcdefghijklmnopqrstuv".charAt(RANDOM.nextInt(32)));
    }
    return id.toString();
  }

  /**
   * What is to be done when everything this pod had stored must be stored again, about incarnations
   * of others that are dead, and about one of its own that it has given up and that will be.
   */
  public void listen(Runnable lost, Consumer<List<String>> dead, Consumer<String> givenUp) {
    onLost = lost;
    onDead = dead;
    onGivenUp = givenUp;
  }

  /**
   * What this pod says of itself with each heartbeat, and who hears, on the main loop, what all that
   * are alive say, by incarnation and with this one among them; empty for one of a version that
   * says nothing.
   */
  public void exchange(Supplier<PodLoad> own, Consumer<Map<String, Optional<PodLoad>>> heard) {
    load = own;
    onLoads = heard;
  }

  public void start() {
    main.executor().execute(this::beat);
    main.every(config.heartbeat().toMillis(), this::beat);
  }

  /** No more heartbeats; what is left in the store is swept when the lease runs out. */
  public void close() {
    closed = true;
  }

  /**
   * Takes a new incarnation, and stores everything under it, soon: the store may hold what this pod
   * had taken out of it. The others sweep that with the old one. On the main loop.
   */
  public void renew() {
    doubted = true;
    beat();
  }

  /** What this pod's entries in the store are named after, now. */
  public String incarnation() {
    return incarnation;
  }

  @Override
  public String member(Session session) {
    return member(incarnation, session);
  }

  @Override
  public List<String> formerMembers(Session session) {
    List<Former> all = formers;
    if (all.isEmpty()) {
      return List.of();
    }
    long now = System.nanoTime();
    return all.stream()
        .filter(former -> now - former.sinceNanos() < FORMER_NANOS)
        .map(former -> member(former.incarnation(), session))
        .toList();
  }

  private static String member(String incarnation, Session session) {
    return incarnation + "." + Long.toString(session.number(), Character.MAX_RADIX);
  }

  /** An incarnation that was given up. */
  private record Former(String incarnation, long sinceNanos) {}

  private void beginAnew() {
    List<Former> all = new ArrayList<>(formers);
    all.add(new Former(incarnation, System.nanoTime()));
    formers = List.copyOf(all.subList(Math.max(0, all.size() - FORMERS), all.size()));
    String before = incarnation;
    incarnation = newId();
    onGivenUp.accept(before);
  }

  /** Whether this pod's lease has been granted. */
  public boolean isRegistered() {
    return registered;
  }

  /** Redis's time, in ms since 1970, as well as this pod can tell. */
  public long nowMs() {
    return System.currentTimeMillis() + clockOffsetMs;
  }

  /**
   * At once while the lease holds; else (the process was stopped, or Redis away) when it has been
   * granted anew.
   */
  @Override
  public Future<Void> ready(Loop loop) {
    if (isGood() && !putOff) {
      return Future.succeededFuture();
    }
    Promise<Void> granted = Promise.promise();
    main.run(() -> {
      waiting.add(granted);
      main.after(WAIT_MS, () -> {
        if (waiting.remove(granted)) {
          granted.tryFail(ChatException.unavailable());
        }
      });
      beat();
    });
    Promise<Void> onLoop = Promise.promise();
    granted.future().onComplete(done -> loop.run(() -> onLoop.handle(done)));
    return onLoop.future();
  }

  private boolean isGood() {
    return System.nanoTime() - goodUntilNanos < 0;
  }

  /** Nothing is to be stored until {@link #goOn}, which has to come soon. From any thread. */
  void putOff() {
    putOff = true;
  }

  /** What was put off may be stored, if the lease holds. On the main loop. */
  void goOn() {
    putOff = false;
    if (isGood()) {
      grant();
    }
  }

  private void grant() {
    List<Promise<Void>> ready = List.copyOf(waiting);
    waiting.clear();
    ready.forEach(Promise::tryComplete);
  }

  private void beat() {
    if (closed || beating || !main.redis().isUp(keys.shared("leases"))) {
      return;
    }
    beating = true;
    long sentNanos = System.nanoTime();
    call().onComplete(beaten -> {
      beating = false;
      if (beaten.succeeded()) {
        beaten(beaten.result(), sentNanos);
      } else {
        LOG.debugf("Heartbeat failed: %s", beaten.cause().getMessage());
      }
    });
  }

  private Future<Reply> call() {
    return HEARTBEAT.call(
        main.redis(),
        List.of(keys.shared("leases"), keys.shared("store"), keys.shared("loads")),
        incarnation,
        config.lease().toMillis(),
        newId(),
        KEYS_LIFETIME_MS,
        load.get().text());
  }

  private void beaten(Reply reply, long sentNanos) {
    clockOffsetMs = reply.at(0).number() - System.currentTimeMillis();
    boolean held = reply.at(1).number() == 1;
    String storeNow = reply.at(2).text();
    boolean emptied = store != null && !store.equals(storeNow);
    store = storeNow;
    if (registered && (!held || doubted) && !emptied) {
      LOG.warnf(
          "%s; making this pod's connections known again under a new lease",
          held ? "The store may have gone back" : "The lease has run out");
      doubted = false;
      registered = false;
      beginAnew();
      beat(); // nothing is stored under the new incarnation before it is alive
      return;
    }
    goodUntilNanos = sentNanos + config.lease().toNanos() / MARGIN_FRACTION * (MARGIN_FRACTION - 1);
    if (emptied) {
      LOG.warn("The store has lost its data; making this pod's connections known again");
    }
    if (!registered || emptied) {
      doubted = false;
      registered = true;
      onLost.run();
    }
    if (!putOff) {
      grant();
    }
    List<String> dead = reply.at(3).texts();
    if (!dead.isEmpty()) {
      onDead.accept(List.copyOf(dead));
    }
    onLoads.accept(loads(reply.at(4).texts()));
  }

  private static Map<String, Optional<PodLoad>> loads(List<String> namesAndLoads) {
    Map<String, Optional<PodLoad>> loads = new LinkedHashMap<>();
    for (int i = 0; i + 1 < namesAndLoads.size(); i += 2) {
      loads.put(namesAndLoads.get(i), PodLoad.parse(namesAndLoads.get(i + 1)));
    }
    return loads;
  }
}
