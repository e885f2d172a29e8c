package dev.chatgateway.presence;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Judges the pods whose lease has run out: late is not dead. One that answers at its address is let
 * be, for three leases at most; one that refuses, or does not answer three times, is named dead. So is
 * one that has announced no address: then the lease alone decides. All on one loop.
 */
final class LatePods {
  private static final Logger LOG = Logger.getLogger(LatePods.class);
  private static final int TRIES = 3;
  private static final int LEASES = 3;

  private final Duration lease;
  private final long answerNanos;
  private final Deeds deeds;
  private final Function<Late, Future<Boolean>> inquiry;
  private final LongSupplier clock;
  private final BiConsumer<Long, Runnable> later;
  private final Set<String> judging = new HashSet<>();

  /**
   * @param lease how long a lease is
   * @param answer how long a pod may take to answer one question
   * @param inquiry asks a pod whether it goes by its incarnation still; fails where nobody can tell
   * @param clock nanoseconds, as {@link System#nanoTime()}
   * @param later runs an action after that many nanoseconds, on the loop
   */
  LatePods(
      Duration lease,
      Duration answer,
      Deeds deeds,
      Function<Late, Future<Boolean>> inquiry,
      LongSupplier clock,
      BiConsumer<Long, Runnable> later) {
    this.lease = lease;
    this.answerNanos = answer.toNanos();
    this.deeds = deeds;
    this.inquiry = inquiry;
    this.clock = clock;
    this.later = later;
  }

  /**
   * An incarnation whose lease has run out.
   *
   * @param lateMs for how long it has
   * @param address where its pod can be asked; empty where it has announced none
   */
  record Late(String incarnation, long lateMs, Optional<PeerAddress> address) {}

  /** What is done in the store. */
  interface Deeds {
    /** Takes the turn to look after that incarnation, or keeps it; gives whether this pod has it. */
    Future<Boolean> takeTurn(String incarnation);

    /** Names it dead, unless its lease holds again. */
    Future<?> nameDead(String incarnation);
  }

  /** Judges those that are not being judged already. */
  void judge(List<Late> all) {
    for (Late late : all) {
      if (judging.add(late.incarnation())) {
        new Case(late).tryOnce();
      }
    }
  }

  private final class Case {
    private final Late late;
    private final long sinceNanos = clock.getAsLong();
    private int tries;

    Case(Late late) {
      this.late = late;
    }

    void tryOnce() {
      deeds.takeTurn(late.incarnation()).onComplete(taken -> {
        if (taken.failed() || !taken.result()) {
          end();
        } else if (late.address().isEmpty() || isOverdue()) {
          nameDead("its lease has run out");
        } else {
          ask();
        }
      });
    }

    private boolean isOverdue() {
      long sinceMs = (clock.getAsLong() - sinceNanos) / 1_000_000;
      return late.lateMs() + sinceMs > LEASES * lease.toMillis();
    }

    private void ask() {
      long dueNanos = clock.getAsLong() + answerNanos;
      boolean[] answered = {false};
      inquiry.apply(late).onSuccess(lives -> {
        if (!answered[0]) {
          answered[0] = true;
          answered(lives);
        }
      });
      later.accept(answerNanos, () -> {
        if (!answered[0]) {
          answered[0] = true;
          unanswered(clock.getAsLong() - dueNanos > answerNanos / 2);
        }
      });
    }

    private void answered(boolean lives) {
      if (lives) {
        LOG.debugf("Pod incarnation %s is late, and alive", late.incarnation());
        end();
      } else {
        nameDead("nobody goes by that name at its address");
      }
    }

    /**
     * @param heldUp whether this loop was late itself, so that an answer may be waiting to be read
     */
    private void unanswered(boolean heldUp) {
      if (heldUp || ++tries < TRIES) {
        tryOnce();
      } else {
        nameDead("it does not answer");
      }
    }

    private void nameDead(String why) {
      LOG.debugf("Naming pod incarnation %s dead: %s", late.incarnation(), why);
      deeds.nameDead(late.incarnation()).onComplete(done -> end());
    }

    private void end() {
      judging.remove(late.incarnation());
    }
  }
}
