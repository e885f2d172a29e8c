package dev.chatgateway.presence;

import dev.chatgateway.logging.LogThrottle;
import dev.chatgateway.redis.ExpiringValues;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Where the pods that are alive can be reached.
 *
 * <p>Key: {@code {p:<pod>}:address}, four words: the address, the name in the certificate of a port
 * that speaks TLS or a dash, the time of the heartbeat in ms, and the HMAC-SHA256 of all that and the
 * pod's id in hex, or a dash without a secret. The key lives for a lease after the pod's last
 * heartbeat; an older time is not believed, even if somebody writes it again.
 *
 * <p>The address, signed with an incarnation in place of the pod's id, is also in {@code
 * {pods}:addresses}, see {@link Lease}.
 */
public final class PodAddresses {
  private static final Logger LOG = Logger.getLogger(PodAddresses.class);
  private static final int MAX_KNOWN = 1024;
  private static final String SIGNED_AS = "address";
  private static final String SIGNED_FOR_INCARNATION = "incarnation";
  // What two pods may disagree by about Redis's time.
  private static final long CLOCK_MARGIN_MS = 5_000;

  private final String podId;
  private final Loop main;
  private final Keys keys;
  private final PresenceConfig config;
  private final PeerSecret secret;
  private final LongSupplier nowMs;
  private final LogThrottle warnings = new LogThrottle(Duration.ofSeconds(10));
  private final Map<String, PeerAddress> foundBefore = Collections.synchronizedMap(new Newest());
  private volatile long awayNanos;
  private volatile boolean closed;
  private volatile PeerAddress own;
  private boolean beating;

  /**
   * @param nowMs the time that all pods share, Redis's
   */
  public PodAddresses(
      String podId,
      Loop main,
      Keys keys,
      PresenceConfig config,
      PeersConfig peers,
      LongSupplier nowMs) {
    this.podId = podId;
    this.main = main;
    this.keys = keys;
    this.config = config;
    this.awayNanos = System.nanoTime() - config.lease().toNanos();
    this.secret = new PeerSecret(peers);
    this.nowMs = nowMs;
  }

  /** Tells the other pods the address of this one with every heartbeat, in place of an earlier one. */
  public void announce(PeerAddress address) {
    own = address;
    main.run(() -> {
      beat();
      if (!beating) {
        beating = true;
        main.every(config.heartbeat().toMillis(), this::beat);
      }
    });
  }

  private void beat() {
    if (closed) {
      return;
    }
    if (!main.redis().isUp(key(podId))) {
      away();
      return;
    }
    ExpiringValues.put(main.redis(), key(podId), announcement(), config.lease()).onFailure(e -> {
      away();
      LOG.debugf("Announcing the address failed: %s", e.getMessage());
    });
  }

  private void away() {
    awayNanos = System.nanoTime();
  }

  /** No more heartbeats. */
  public void close() {
    closed = true;
  }

  /**
   * Where that pod is; empty where Redis knows of no such pod, or its address can't be trusted. Fails
   * where Redis can't be asked.
   */
  public Future<Optional<PeerAddress>> find(Loop loop, String pod) {
    return ExpiringValues.get(loop.redis(), key(pod))
        .map(value -> {
          Optional<PeerAddress> found = value.flatMap(text -> verified(pod, text));
          found.ifPresent(address -> foundBefore.put(pod, address));
          return found;
        })
        .onFailure(e -> away());
  }

  /** Where that pod was when it was found last: for when Redis doesn't know it, or can't be asked. */
  public Optional<PeerAddress> foundBefore(String pod) {
    return Optional.ofNullable(foundBefore.get(pod));
  }

  /** That pod is not there any more. */
  public void forget(String pod) {
    foundBefore.remove(pod);
  }

  /**
   * Whether pods may be alive that Redis doesn't know: within a lease from an outage some may not have
   * made themselves known again.
   */
  public boolean mayBeMissing() {
    return System.nanoTime() - awayNanos < config.lease().toNanos();
  }

  /** Returns where this pod can be asked about an incarnation; empty before it is announced. */
  String ofIncarnation(String incarnation) {
    PeerAddress address = own;
    return address == null
        ? ""
        : address + " " + secret.sign(SIGNED_FOR_INCARNATION, incarnation, address.toString());
  }

  /** Returns where the pod of that incarnation can be asked, as its {@link #ofIncarnation} says. */
  Optional<PeerAddress> ofIncarnation(String incarnation, String value) {
    String[] words = value.split(" ", -1);
    if (words.length != 3
        || !secret.isSignature(
            words[2], SIGNED_FOR_INCARNATION, incarnation, words[0] + " " + words[1])) {
      return Optional.empty();
    }
    return PeerAddress.read(words[0], words[1]);
  }

  private static final class Newest extends LinkedHashMap<String, PeerAddress> {
    private static final long serialVersionUID = 1;

    Newest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, PeerAddress> eldest) {
      return size() > MAX_KNOWN;
    }
  }

  private String key(String pod) {
    return keys.pod(pod, "address");
  }

  private String announcement() {
    String told = own + " " + nowMs.getAsLong();
    return told + " " + secret.sign(SIGNED_AS, podId, told);
  }

  private Optional<PeerAddress> verified(String pod, String value) {
    String[] words = value.split(" ", -1);
    if (words.length != 4
        || !secret.isSignature(
            words[3], SIGNED_AS, pod, String.join(" ", words[0], words[1], words[2]))) {
      warn("The address of pod %s is not signed with chat.peers.secret; not used", pod);
      return Optional.empty();
    }
    if (!isRecent(words[2])) {
      warn("The address of pod %s in Redis is older than chat.presence.lease; not used", pod);
      return Optional.empty();
    }
    return PeerAddress.read(words[0], words[1]);
  }

  private boolean isRecent(String ms) {
    try {
      long age = nowMs.getAsLong() - Long.parseLong(ms);
      return Math.abs(age) <= config.lease().toMillis() + CLOCK_MARGIN_MS;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void warn(String format, String pod) {
    if (warnings.admits()) {
      LOG.warnf(format, pod);
    }
  }
}
