package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A second pod comes, and customers who talk on the first are spread over both, by a balancer that
 * takes turns and so sends half of them back.
 */
class RebalanceIT {
  private static final int CLIENTS = 60;
  private static final int PER_TICKET = 3;
  private static final double TOLERANCE = 1.2;
  private static final long LOOK_EVERY_MS = 100;
  private static final int TALK_EVERY = 20; // looks

  private static final List<String> TICKETS =
      IntStream.range(0, CLIENTS / PER_TICKET).mapToObj(n -> "r-" + n).toList();

  private final String[] settings = {
    "chat.redis.key-prefix", RedisResource.newKeyPrefix(),
    "chat.ticket.page", "100",
    "chat.presence.grace", "60s", // longer than coming back takes on a busy machine
    "chat.rebalance.settle", "2s",
    "chat.rebalance.interval", "1s",
    "chat.rebalance.batch", "10",
    "chat.rebalance.min-excess", "2"
  };
  private final List<PodProcess> pods = new ArrayList<>();
  private final List<Talker> clients = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(8);
  private final ConcurrentLinkedQueue<Throwable> broken = new ConcurrentLinkedQueue<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile boolean quiet;

  @AfterEach
  void end() {
    clock.shutdownNow();
    pods.forEach(PodProcess::close);
  }

  @Test
  void customersAreSpreadOverBothPodsAndNobodyInTheirRoomsNotices() throws Exception {
    pods.add(PodProcess.start(settings));
    for (int i = 0; i < CLIENTS; i++) {
      String ticket = TICKETS.get(i % TICKETS.size());
      String user = "customer" + i;
      Talker client = new Talker(user, Tokens.user(user).tickets(ticket).sign(), ticket);
      client.connect(pods.get(0));
      clients.add(client);
    }
    pods.add(PodProcess.start(settings));
    Talker watcher =
        new Talker("watcher", Tokens.admin("watcher").sign(), TICKETS.toArray(String[]::new));
    watcher.connect(pods.get(1));
    clients.forEach(this::talkAndComeBackWhenTold);

    await("both pods near their share, for as long as several intervals")
        .atMost(Duration.ofMinutes(2))
        .during(Duration.ofSeconds(4))
        .until(() -> healthy() && isBalanced());

    double asked = asked(0) + asked(1);
    quiet = true;
    clock.shutdown();
    assertThat(clock.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(broken).isEmpty();
    assertThat(asked).isEqualTo(asked(0) + asked(1));
    assertThat(asked(1)).isZero();
    List<Talker> moved =
        clients.stream().filter(client -> !client.askedToReconnect().isEmpty()).toList();
    assertThat(moved)
        .hasSize((int) asked)
        .allSatisfy(client -> assertThat(client.askedToReconnect()).containsExactly("rebalance"));

    List<Talker> all = new ArrayList<>(clients);
    all.add(watcher);
    all.forEach(Talker::retry);
    TwoPodsChecks checks = new TwoPodsChecks(new TicketSystemCalls(pods.get(1)));
    for (String ticket : TICKETS) {
      checks.room(ticket, all, Duration.ofSeconds(10));
      checks.messages(ticket, all, all, List.of());
      assertThat(all.stream().filter(one -> one.tickets.contains(ticket)))
          .allSatisfy(one -> assertThat(one.record(ticket).presence)
              .noneMatch(told -> told.startsWith("user_left"))
              .doesNotHaveDuplicates());
    }
    assertThat(all).flatExtracting(Talker::faults).isEmpty();
    System.out.printf(
        "RebalanceIT: %d of %d moved, %d and %d connections, %d messages%n",
        moved.size(),
        CLIENTS,
        connections(0),
        connections(1),
        clients.stream().mapToInt(client -> client.accepted().size()).sum());
  }

  private void talkAndComeBackWhenTold(Talker client) {
    AtomicInteger looks = new AtomicInteger(clients.indexOf(client));
    clock.scheduleWithFixedDelay(
        () -> {
          if (quiet) {
            return;
          }
          try {
            if (client.closeCode() == 1012) {
              client.takeIn();
              client.connect(pods.get(turn.getAndIncrement() % 2));
              client.retry();
            } else if (looks.incrementAndGet() % TALK_EVERY == 0) {
              client.talk();
            }
          } catch (Throwable e) {
            broken.add(e);
          }
        },
        0,
        LOOK_EVERY_MS,
        TimeUnit.MILLISECONDS);
  }

  private boolean healthy() {
    broken.forEach(problem -> {
      throw new AssertionError("a client broke", problem);
    });
    return true;
  }

  private boolean isBalanced() {
    int one = connections(0);
    int other = connections(1);
    return one + other == CLIENTS + 1 && Math.max(one, other) <= (one + other) / 2.0 * TOLERANCE;
  }

  private int connections(int pod) {
    return (int) metric(pod, "chat_connections");
  }

  private double asked(int pod) {
    return metric(pod, "chat_sent_away_total{reason=\"rebalance\"}");
  }

  private double metric(int pod, String sample) {
    return PodProcess.get(pods.get(pod).management("/q/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
