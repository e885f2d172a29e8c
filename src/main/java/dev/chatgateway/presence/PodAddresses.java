package dev.chatgateway.presence;

import dev.chatgateway.redis.ExpiringValues;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import io.vertx.core.net.HostAndPort;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/**
 * Where the pods that are alive can be reached.
 *
 * <p>Key: {@code {p:<pod>}:address}, the address and, where there is a secret, its HMAC-SHA256 in
 * hex together with the pod's id; lives as long as a lease after the pod's last heartbeat.
 */
public final class PodAddresses {
  private static final Logger LOG = Logger.getLogger(PodAddresses.class);
  private static final int MAX_KNOWN = 1024;
  private static final String ALGORITHM = "HmacSHA256";

  private final String podId;
  private final Loop main;
  private final Keys keys;
  private final PresenceConfig config;
  private final Optional<SecretKeySpec> secret;
  private final Map<String, HostAndPort> foundBefore = Collections.synchronizedMap(new Newest());
  private volatile long awayNanos;
  private volatile boolean closed;

  public PodAddresses(
      String podId, Loop main, Keys keys, PresenceConfig config, PeersConfig peers) {
    this.podId = podId;
    this.main = main;
    this.keys = keys;
    this.config = config;
    this.awayNanos = System.nanoTime() - config.lease().toNanos();
    this.secret = peers
        .secret()
        .map(text -> new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM));
  }

  /** From now on, and for as long as this pod lives, the others find it there. */
  public void announce(HostAndPort address) {
    String signed = signed(podId, address.toString());
    main.run(() -> beat(signed));
    main.every(config.heartbeat().toMillis(), () -> beat(signed));
  }

  private void beat(String value) {
    if (closed) {
      return;
    }
    if (!main.redis().isUp(key(podId))) {
      away();
      return;
    }
    ExpiringValues.put(main.redis(), key(podId), value, config.lease()).onFailure(e -> {
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
  public Future<Optional<HostAndPort>> find(Loop loop, String pod) {
    return ExpiringValues.get(loop.redis(), key(pod))
        .map(value -> {
          Optional<HostAndPort> found = value.flatMap(signed -> verified(pod, signed));
          found.ifPresent(address -> foundBefore.put(pod, address));
          return found;
        })
        .onFailure(e -> away());
  }

  /** Where that pod was when it was found last: for when Redis doesn't know it, or can't be asked. */
  public Optional<HostAndPort> foundBefore(String pod) {
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

  private static final class Newest extends LinkedHashMap<String, HostAndPort> {
    private static final long serialVersionUID = 1;

    Newest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, HostAndPort> eldest) {
      return size() > MAX_KNOWN;
    }
  }

  private String key(String pod) {
    return keys.pod(pod, "address");
  }

  private String signed(String pod, String address) {
    return secret.map(key -> address + " " + sign(key, pod, address)).orElse(address);
  }

  private Optional<HostAndPort> verified(String pod, String value) {
    String address = value.split(" ", 2)[0];
    byte[] expected = signed(pod, address).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(expected, value.getBytes(StandardCharsets.UTF_8))) {
      LOG.warnf("The address of pod %s is not signed with chat.peers.secret; not used", pod);
      return Optional.empty();
    }
    return Optional.ofNullable(HostAndPort.parseAuthority(address, -1))
        .filter(parsed -> parsed.port() > 0);
  }

  private static String sign(SecretKeySpec key, String pod, String address) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of()
          .formatHex(mac.doFinal((pod + " " + address).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
