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
 * The pod's right to speak for its connections. What it stores is named after its incarnation, which
 * it keeps alive by a heartbeat, and by a {@link Pulse} where the main loop is late. An incarnation whose
 * lease has run out gets it again unless another pod has named it dead, see {@link LatePods}; that one
 * is swept, and its own pod takes a new one and stores everything anew before it goes on. The same
 * happens where the store turns out to have been emptied. Time in which no pod reached the store, for
 * half a lease or more, counts for no lease.
 *
 * <p>Keys: {@code {pods}:leases}, a sorted set of incarnations by the end of their lease (Redis's
 * time, ms; 0 for one that was named dead), {@code {pods}:loads}, a hash of those that are alive to
 * their {@link PodLoad}, {@code {pods}:addresses}, a hash of incarnations to where their pod can be
 * asked about them, see {@link PodAddresses}, and {@code {pods}:store}, a random id that is lost with
 * the store's data; all live for a day after the last heartbeat of any pod.
 */
public final class Lease implements Membership {
  private static final Logger LOG = Logger.getLogger(Lease.class);
  private static final LuaScript HEARTBEAT = LuaScript.load("presence/heartbeat");
  private static final long KEYS_LIFETIME_MS = Duration.ofDays(1).toMillis();
  private static final int MIN_HEARTBEATS = 3;
  private static final long WAIT_MS = 2000;

  private final Loop main;
  private final Keys keys;
  private final PresenceConfig config;
  private final Incarnations incarnations = new Incarnations();
  private final Pulse pulse;
  private final PodAddresses addresses;
  private final PodJudge judge;
  private volatile long clockOffsetMs;
  private volatile boolean putOff;
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private String store;
  private boolean registered;
  private boolean beating;
  private volatile boolean closed;
  private boolean doubted;
  private Runnable onLost = () -> {};
  private Consumer<List<String>> onDead = dead -> {};
  private Consumer<String> onGivenUp = incarnation -> {};
  private Supplier<PodLoad> load = () -> new PodLoad(0, true);
  private Consumer<Map<String, Optional<PodLoad>>> onLoads = loads -> {};

  /**
   * @param apart a loop that no client's work holds up
   * @param judge decides what becomes of other pods that are late
   */
  public Lease(
      Loop main,
      Loop apart,
      Keys keys,
      PresenceConfig config,
      PodAddresses addresses,
      PodJudge judge) {
    this.main = main;
    this.keys = keys;
    this.config = config;
    this.addresses = addresses;
    this.judge = judge;
    this.pulse = new Pulse(apart, keys, config);
    if (config.lease().compareTo(config.heartbeat().multipliedBy(MIN_HEARTBEATS)) < 0) {
      throw new IllegalArgumentException("chat.presence.lease must be at least "
          + MIN_HEARTBEATS
          + " times chat.presence.heartbeat, or a lease would lapse between two heartbeats");
    }
  }

  /** A random id for a pod or an incarnation: 8 characters, 40 bits. */
  public static String newId() {
    return Incarnations.newId();
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
    judge.onNamed(() -> main.run(this::beat)); // which tells whom to sweep
    main.executor().execute(this::beat);
    main.every(config.heartbeat().toMillis(), this::beat);
    pulse.start(() -> main.run(this::grantIfGood), () -> main.run(this::beat));
  }

  /** No more heartbeats; what is left in the store is swept when the lease runs out. */
  public void close() {
    closed = true;
    pulse.close();
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
    return incarnations.current();
  }

  /** Whether this pod goes by that incarnation, and means to. From any thread. */
  public boolean goesBy(String incarnation) {
    return !closed && incarnation.equals(incarnations.current());
  }

  @Override
  public String member(Session session) {
    return incarnations.member(session);
  }

  @Override
  public List<String> formerMembers(Session session) {
    return incarnations.formerMembers(session);
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
    if (pulse.isGood() && !putOff) {
      return Future.succeededFuture();
    }
    pulse.extendIfOver();
    Promise<Void> granted = Promise.promise();
    main.run(() -> {
      waiting.add(granted);
      main.after(WAIT_MS, () -> {
        if (waiting.remove(granted)) {
          granted.tryFail(ChatException.unavailable());
        }
      });
      beat();
      grantIfGood(); // which it may be since
    });
    Promise<Void> onLoop = Promise.promise();
    granted.future().onComplete(done -> loop.run(() -> onLoop.handle(done)));
    return onLoop.future();
  }

  /** Nothing is to be stored until {@link #goOn}, which has to come soon. From any thread. */
  void putOff() {
    putOff = true;
  }

  /** What was put off may be stored, if the lease holds. On the main loop. */
  void goOn() {
    putOff = false;
    grantIfGood();
  }

  private void grantIfGood() {
    if (putOff || !pulse.isGood()) {
      return;
    }
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
        List.of(
            keys.shared("leases"),
            keys.shared("store"),
            keys.shared("loads"),
            keys.shared("addresses")),
        incarnation(),
        config.lease().toMillis(),
        newId(),
        KEYS_LIFETIME_MS,
        load.get().text(),
        addresses.ofIncarnation(incarnation()));
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
      pulse.givenUp();
      onGivenUp.accept(incarnations.replace());
      beat(); // nothing is stored under the new incarnation before it is alive
      return;
    }
    pulse.granted(incarnation(), sentNanos);
    if (emptied) {
      LOG.warn("The store has lost its data; making this pod's connections known again");
    }
    if (!registered || emptied) {
      doubted = false;
      registered = true;
      onLost.run();
    }
    grantIfGood();
    List<String> dead = reply.at(3).texts();
    if (!dead.isEmpty()) {
      onDead.accept(List.copyOf(dead));
    }
    onLoads.accept(loads(reply.at(4).texts()));
    judge.heard(reply.at(5).texts());
  }

  private static Map<String, Optional<PodLoad>> loads(List<String> namesAndLoads) {
    Map<String, Optional<PodLoad>> loads = new LinkedHashMap<>();
    for (int i = 0; i + 1 < namesAndLoads.size(); i += 2) {
      loads.put(namesAndLoads.get(i), PodLoad.parse(namesAndLoads.get(i + 1)));
    }
    return loads;
  }
}
