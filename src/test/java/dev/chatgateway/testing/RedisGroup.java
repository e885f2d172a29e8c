package dev.chatgateway.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import redis.clients.jedis.exceptions.JedisException;

/** Several Redis servers that stand for one another, each to be killed or frozen by itself. */
public abstract class RedisGroup implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The data servers, whichever is a primary. */
  final List<RedisServer> nodes = new ArrayList<>();

  final RedisSetup setup;

  RedisGroup(RedisSetup setup) {
    this.setup = setup;
  }

  /** Starts all, and waits until they are well; where that fails, none is left. */
  final void begin() {
    try {
      startAll();
      awaitHealthy();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  abstract void startAll();

  /** Whether all run and agree. May throw {@link JedisException} where they don't yet. */
  abstract boolean isHealthy();

  /** How each data server is set up. */
  final RedisSetup nodeSetup() {
    return setup
        .copy()
        .config("masteruser", RedisUsers.REPLICA)
        .config("masterauth", RedisUsers.REPLICA_PASSWORD)
        .config("repl-diskless-sync-delay", "0")
        .config("repl-ping-replica-period", "1");
  }

  /** The data servers, whichever is a primary. */
  public final List<RedisServer> nodes() {
    return List.copyOf(nodes);
  }

  /** Settings that lead a gateway here. */
  public abstract String[] gatewaySettings();

  /** Addresses for a gateway to begin with, with the user that it is. */
  public static String seeds(List<RedisServer> servers) {
    return servers.stream().map(RedisServer::uri).collect(Collectors.joining(","));
  }

  /** Waits until all run and agree on who is who, and each primary has its replicas. */
  public final void awaitHealthy() {
    eventually("servers that are well, and agree", () -> {
      try {
        return isHealthy();
      } catch (JedisException e) {
        return false; // not yet
      }
    });
  }

  static void eventually(String what, BooleanSupplier is) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(is::getAsBoolean);
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
