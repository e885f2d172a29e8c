package dev.chatgateway.load;

import dev.chatgateway.chaos.workload.Transport;
import dev.chatgateway.testing.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Clients, all on one event loop, and at which rate they talk. */
final class Crowd implements AutoCloseable {
  private static final int TICK_MS = 20;
  private static final long ANSWER_S = 60;
  private static final int PADDING = 120;

  /**
   * Who is in it.
   *
   * @param first the number of the first client, which are counted over all crowds
   * @param room how many clients a ticket has
   * @param socketIo of a hundred, how many use Socket.IO
   * @param polling of a hundred, how many poll
   * @param source the address they come from
   * @param keepsViews whether they keep all they are told, to be compared at the end
   */
  record Cast(
      int first,
      int clients,
      int room,
      int socketIo,
      int polling,
      String source,
      boolean keepsViews,
      Duration patience) {}

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final Cast cast;
  private final Endpoints endpoints;
  private final Sockets sockets;
  private final HttpClient http;
  private final Random random = new Random(1);
  private final String padding = " " + "x".repeat(PADDING);
  private final Seen seen = new Seen();
  private final List<LoadClient> clients = new ArrayList<>();
  private double rate;
  private double due;
  private int next;

  Crowd(Cast cast, Endpoints endpoints) {
    this.cast = cast;
    this.endpoints = endpoints;
    sockets =
        new Sockets(vertx.nettyEventLoopGroup(), cast.source(), cast.patience().toMillis());
    // Each request a connection of its own, so that each may come to another pod.
    http = vertx.createHttpClient(new HttpClientOptions()
        .setKeepAlive(false)
        .setMaxPoolSize(Math.max(1, cast.clients()))
        .setConnectTimeout(3000));
    for (int i = 0; i < cast.clients(); i++) {
      int number = cast.first() + i;
      String ticket = Integer.toString(1 + number / cast.room());
      clients.add(new LoadClient(this, number, ticket, manner(number), cast.keepsViews()));
    }
    onLoop(() -> vertx.setPeriodic(TICK_MS, tick -> talk()));
  }

  // Not by a random number: a ticket's members should differ in this.
  private Manner manner(int number) {
    int place = number * 37 % 100;
    if (place < cast.polling()) {
      return Manner.POLLING;
    }
    return place < cast.polling() + cast.socketIo() ? Manner.SOCKET_IO : Manner.PLAIN;
  }

  // --- for its clients, on the loop

  Line open(Manner manner, Transport.Listener listener) {
    return manner == Manner.POLLING
        ? new PollingLine(http, () -> endpoints.any(random), listener)
        : sockets.open(endpoints.any(random), manner.door, listener);
  }

  String token(LoadClient client) {
    return Tokens.user(client.user())
        .name("User " + client.number)
        .tickets(client.ticket)
        .expiresIn(Duration.ofHours(12))
        .sign();
  }

  void after(long ms, Runnable action) {
    vertx.setTimer(ms, due -> action.run());
  }

  long patienceMs() {
    return cast.patience().toMillis();
  }

  String padding() {
    return padding;
  }

  Random random() {
    return random;
  }

  Seen seen() {
    return seen;
  }

  // --- for programs

  /** Has everybody connect, that many a second. */
  void arrive(int perSecond) {
    double perTick = perSecond * TICK_MS / 1000.0;
    double[] open = {0};
    onLoop(() -> vertx.setPeriodic(TICK_MS, timer -> {
      for (open[0] += perTick; open[0] >= 1 && next < clients.size(); open[0]--) {
        clients.get(next++).connect();
      }
      if (next == clients.size()) {
        vertx.cancelTimer(timer);
      }
    }));
  }

  /** From now on they send that many messages a second together. */
  void talk(double perSecond) {
    onLoop(() -> rate = perSecond);
  }

  private void talk() {
    due = Math.min(due + rate * TICK_MS / 1000, Math.max(1, rate / 4));
    for (int tries = 0; due >= 1 && tries < 1000; tries++) {
      LoadClient one = clients.get(random.nextInt(clients.size()));
      if (one.settled()) {
        one.talk();
        due--;
      }
    }
  }

  /** How many have joined. */
  int seated() {
    return onLoop(() -> (int) clients.stream().filter(LoadClient::seated).count());
  }

  /** Whether everybody has joined and all they have sent was accepted. */
  boolean settled() {
    return onLoop(() -> clients.stream().allMatch(LoadClient::settled));
  }

  /** Some of those who are not as {@link #settled} wants them. */
  List<String> unsettled() {
    return onLoop(() -> clients.stream()
        .filter(client -> !client.settled())
        .limit(5)
        .map(LoadClient::toString)
        .toList());
  }

  List<LoadClient> clients() {
    return clients;
  }

  /** Does something on the event loop, to which clients and {@link #seen} belong, and waits for it. */
  <T> T onLoop(Supplier<T> action) {
    CompletableFuture<T> done = new CompletableFuture<>();
    vertx.runOnContext(here -> {
      try {
        done.complete(action.get());
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done.orTimeout(ANSWER_S, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(ANSWER_S, TimeUnit.SECONDS)
        .join();
  }
}
