package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The gateway's main job as its users meet it: customers and agents on two pods talk over three
 * tickets while the ticket system calls, one of them keeps changing pods, and in the midst of it one
 * pod is killed.
 */
class TwoPodsIT {
  private static final Duration GHOST_LIFETIME = Duration.ofSeconds(15);
  private static final Duration MOMENT = Duration.ofMillis(200);
  private static final List<String> TICKETS = List.of("101", "102", "T-3");
  private static final long EVERY_MS = 400;

  private final String[] settings = {
    "chat.redis.key-prefix", RedisResource.newKeyPrefix(),
    "chat.ticket.history", "2000",
    "chat.ticket.page", "100"
  };
  private final PodProcess doomed = PodProcess.start(settings);
  private final PodProcess other = PodProcess.start(settings);
  private final TicketSystemCalls calls = new TicketSystemCalls(other);
  private final TicketSystemAtWork ticketSystem =
      new TicketSystemAtWork(TICKETS, new TicketSystemCalls(doomed), calls);

  private final List<Talker> returning = new ArrayList<>();
  private final List<Talker> staying = new ArrayList<>();
  private final List<Talker> gone = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(14);
  private final ConcurrentLinkedQueue<Throwable> broken = new ConcurrentLinkedQueue<>();
  private volatile boolean killed;
  private volatile boolean quiet;

  @AfterEach
  void end() {
    clock.shutdownNow();
    doomed.close();
    other.close();
  }

  @Test
  void nobodyNoticesMoreThanAReconnect() throws Exception {
    for (String ticket : TICKETS) {
      returning.add(customer("returns-" + ticket, ticket));
      staying.add(customer("stays-" + ticket, ticket));
    }
    gone.add(customer("typist", "101"));
    gone.add(agent("goes"));
    returning.add(agent("comes-back"));
    staying.add(agent("stays"));
    Talker roaming = agent("roams");
    // One user on both pods: no leave when one of the connections dies.
    Talker twin = new Talker("twin", Tokens.user("twin").tickets("102").sign(), "102");
    Talker otherOfTwin = new Talker("twin", Tokens.user("twin").tickets("102").sign(), "102");
    returning.forEach(talker -> talker.connect(doomed));
    gone.forEach(talker -> talker.connect(doomed));
    staying.forEach(talker -> talker.connect(other));
    roaming.connect(doomed);
    twin.connect(doomed);
    otherOfTwin.connect(other);

    returning.forEach(talker -> every(() -> talkOrReturn(talker)));
    staying.forEach(talker -> every(talker::talk));
    every(() -> talkIfThere(gone.get(1)));
    every(() -> roam(roaming));
    every(ticketSystem::work);
    await("talk, under way").atMost(Duration.ofSeconds(30)).until(() -> healthy() && count() > 150);
    gone.get(0).startTyping("101");
    Talker witness = staying.get(0);
    await("typing, seen").until(() -> healthy() && types(witness, "typist"));

    doomed.kill();
    long killedAt = System.nanoTime();
    killed = true;
    await("the ghosts' leaves")
        .atMost(left(killedAt))
        .until(() -> healthy()
            && staying.stream()
                .allMatch(talker -> talker.tickets.stream()
                    .allMatch(ticket -> leaves(talker, ticket).containsAll(goneFrom(ticket)))));
    await("the end of typing")
        .atMost(left(killedAt))
        .until(() -> !types(witness, "typist") && calls.typists("101") == 0);
    await("talk on one pod")
        .atMost(Duration.ofSeconds(30))
        .until(() -> healthy() && count() > 400 && returning.stream().allMatch(this::isBack));
    quiet = true;
    clock.shutdown();
    assertThat(clock.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(broken).isEmpty();

    List<Talker> here = new ArrayList<>(returning);
    here.addAll(staying);
    here.add(otherOfTwin);
    if (!roaming.isOn(other)) {
      roaming.connect(other);
    }
    roaming.retry();
    here.add(roaming);
    List<Talker> all = new ArrayList<>(here);
    all.addAll(gone);
    all.add(twin);
    TwoPodsChecks checks = new TwoPodsChecks(calls);
    for (String ticket : TICKETS) {
      checks.room(ticket, here, left(killedAt));
      checks.messages(ticket, here, all, ticketSystem.published(ticket));
      checks.statuses(ticket, here);
      for (Talker talker : staying) {
        if (talker.tickets.contains(ticket)) {
          checks.leaves(ticket, talker, goneFrom(ticket), roaming.userId);
          assertThat(talker.record(ticket).updates).isEqualTo(ticketSystem.updates(ticket));
        }
      }
    }
    checks.present(here, left(killedAt));
    for (Talker talker : gone) {
      assertThat(calls.connections(talker.userId)).as(talker.userId).isZero();
    }
    assertThat(all).flatExtracting(Talker::faults).isEmpty();
    assertThat(all.stream().mapToInt(Talker::duplicates).sum())
        .as("stored, unanswered")
        .isPositive();
    System.out.printf(
        "TwoPodsIT: %d messages, %d sent again, of which %d had been stored%n",
        count(),
        all.stream().mapToInt(Talker::retried).sum(),
        all.stream().mapToInt(Talker::duplicates).sum());
  }

  // --- who does what

  private static Talker customer(String userId, String ticket) {
    return new Talker(userId, Tokens.user(userId).tickets(ticket).sign(), ticket);
  }

  private static Talker agent(String userId) {
    return new Talker(userId, Tokens.admin(userId).sign(), TICKETS.toArray(String[]::new));
  }

  /** Does it again and again, until all is to be quiet; what it throws fails the test. */
  private void every(Runnable action) {
    clock.scheduleWithFixedDelay(
        () -> {
          if (!quiet) {
            try {
              action.run();
            } catch (Throwable e) {
              broken.add(e);
            }
          }
        },
        0,
        EVERY_MS,
        TimeUnit.MILLISECONDS);
  }

  private boolean healthy() {
    broken.forEach(problem -> {
      throw new AssertionError("a client broke", problem);
    });
    return true;
  }

  private void talkOrReturn(Talker talker) {
    if (talker.isOn(doomed) || talker.isOn(other)) {
      talker.talk();
    } else {
      talker.takeIn();
      talker.connect(other);
      talker.retry();
    }
  }

  private void talkIfThere(Talker talker) {
    if (talker.isOn(doomed)) {
      talker.talk();
    }
  }

  private void roam(Talker talker) {
    PodProcess next = talker.isOn(doomed) || killed ? other : doomed;
    talker.talkAndDrop();
    try {
      talker.connect(next);
    } catch (RuntimeException | AssertionError e) {
      if (next == other) {
        throw e;
      }
      talker.connect(other); // it was killed just now
    }
    talker.retry();
  }

  private int count() {
    return returning.stream().mapToInt(talker -> talker.accepted().size()).sum()
        + staying.stream().mapToInt(talker -> talker.accepted().size()).sum();
  }

  /** What is left of the time a ghost may live; a moment where that has passed. */
  private static Duration left(long killedAtNanos) {
    Duration left = GHOST_LIFETIME.minusNanos(System.nanoTime() - killedAtNanos);
    return left.compareTo(MOMENT) < 0 ? MOMENT : left;
  }

  private boolean isBack(Talker talker) {
    return talker.isOn(other) && talker.unanswered() == 0;
  }

  private static boolean types(Talker witness, String userId) {
    return witness.record("101").typing.getOrDefault(userId, false);
  }

  private static Set<String> leaves(Talker talker, String ticket) {
    Set<String> left = new TreeSet<>();
    talker.record(ticket).presence.stream()
        .filter(one -> one.startsWith("user_left "))
        .forEach(one -> left.add(one.substring(10)));
    return left;
  }

  private static Set<String> goneFrom(String ticket) {
    return ticket.equals("101") ? Set.of("goes", "typist") : Set.of("goes");
  }
}
