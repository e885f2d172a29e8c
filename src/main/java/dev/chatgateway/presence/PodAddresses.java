package dev.chatgateway.presence;

import dev.chatgateway.redis.ExpiringValues;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import io.vertx.core.net.HostAndPort;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
  // For when Redis can't be asked: sessions need it no more than sockets do.
  private final Map<String, HostAndPort> lastKnown = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public PodAddresses(
      String podId, Loop main, Keys keys, PresenceConfig config, PeersConfig peers) {
    this.podId = podId;
    this.main = main;
    this.keys = keys;
    this.config = config;
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
    if (!closed && main.redis().isUp(key(podId))) {
      ExpiringValues.put(main.redis(), key(podId), value, config.lease())
          .onFailure(e -> LOG.debugf("Announcing the address failed: %s", e.getMessage()));
    }
  }

  /** No more heartbeats. */
  public void close() {
    closed = true;
  }

  /**
   * Where that pod is, or was when Redis could be asked last; empty where no such pod is alive, or
   * its address can't be trusted.
   */
  public Future<Optional<HostAndPort>> find(Loop loop, String pod) {
    return ExpiringValues.get(loop.redis(), key(pod))
        .map(value -> {
          Optional<HostAndPort> found = value.flatMap(signed -> verified(pod, signed));
          remember(pod, found);
          return found;
        })
        .recover(away -> Future.succeededFuture(Optional.ofNullable(lastKnown.get(pod))));
  }

  private void remember(String pod, Optional<HostAndPort> found) {
    if (found.isEmpty()) {
      lastKnown.remove(pod);
    } else if (lastKnown.size() < MAX_KNOWN || lastKnown.containsKey(pod)) {
      lastKnown.put(pod, found.get());
    }
  }

  private String key(String pod) {
    return keys.podChannel(pod) + ":address";
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
