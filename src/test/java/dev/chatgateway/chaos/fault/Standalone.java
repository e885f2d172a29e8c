package dev.chatgateway.chaos.fault;

import dev.chatgateway.testing.PodSpec;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One Redis server, and before it a network of its own for each pod. */
public final class Standalone implements Store {
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final List<TcpProxy> networks = new ArrayList<>();
  private final RedisServer redis = RedisServer.start(
      new RedisSetup().config("appendonly", "yes").config("appendfsync", "always"));
  private final long seed;

  public Standalone(long seed) {
    this.seed = seed;
  }

  @Override
  public void configure(PodSpec pod) {
    TcpProxy network = new TcpProxy(vertx, redis.port(), seed + networks.size());
    networks.add(network);
    pod.set("quarkus.redis.hosts", redis.uri().replace(":" + redis.port(), ":" + network.port()));
  }

  public RedisServer redis() {
    return redis;
  }

  /** Between a pod and the server, by the pod's number. */
  public TcpProxy network(int pod) {
    return networks.get(pod);
  }

  public List<TcpProxy> networks() {
    return networks;
  }

  @Override
  public void close() {
    networks.forEach(TcpProxy::close);
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
    redis.close();
  }
}
