package dev.chatgateway.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;

/**
 * How servers of a test are set up. Unless told otherwise: the machine's own program, nothing on
 * disk, and the users of {@code k8s/redis}: the gateway logs in as one of them, and whoever doesn't log
 * in may do nothing, but at the sentinels.
 */
public final class RedisSetup {
  private static final int TIMEOUT_MS = 5000;

  private final Map<String, String> config = new LinkedHashMap<>();
  private RedisProgram program;
  private TlsFiles tls;
  private boolean locked;

  public RedisSetup() {
    config.put("save", "");
    config.put("appendonly", "no");
  }

  private RedisSetup(RedisSetup other) {
    config.putAll(other.config);
    program = other.program;
    tls = other.tls;
    locked = other.locked;
  }

  /** Another of the same, that may be changed without changing this one. */
  RedisSetup copy() {
    return new RedisSetup(this);
  }

  /** One line of {@code redis.conf}. */
  public RedisSetup config(String name, String value) {
    config.put(name, value);
    return this;
  }

  /** Every write is on disk before it is answered, and is there after a kill. */
  public RedisSetup persistent() {
    return config("appendonly", "yes").config("appendfsync", "always");
  }

  public RedisSetup program(RedisProgram which) {
    program = which;
    return this;
  }

  /** Speaks TLS only. */
  public RedisSetup tls(TlsFiles files) {
    tls = files;
    return this;
  }

  /** Lets nobody ask the sentinels either without logging in. */
  public RedisSetup lockedSentinels() {
    locked = true;
    return this;
  }

  RedisProgram program() {
    if (program == null) {
      program = RedisProgram.installed();
    }
    return program;
  }

  TlsFiles tls() {
    return tls;
  }

  boolean hasLockedSentinels() {
    return locked;
  }

  Map<String, String> config() {
    return config;
  }

  /** {@code redis} or {@code rediss}. */
  String scheme() {
    return tls == null ? "redis" : "rediss";
  }

  /** What the tests connect with. */
  JedisClientConfig clientConfig() {
    DefaultJedisClientConfig.Builder client = DefaultJedisClientConfig.builder()
        .connectionTimeoutMillis(TIMEOUT_MS)
        .socketTimeoutMillis(TIMEOUT_MS)
        .user(RedisUsers.TESTS)
        .password(RedisUsers.TESTS_PASSWORD);
    if (tls != null) {
      client.ssl(true).sslSocketFactory(tls.socketFactory());
    }
    return client.build();
  }
}
