package dev.chatgateway.abuse;

import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Throws frames over connection after connection, from several threads at once. */
final class Barrage {
  private static final int THREADS = 4;

  /** One connection, from its beginning to its end. */
  @FunctionalInterface
  interface Attack {
    /** Throws some frames, and tallies them and what comes back. */
    void connection(Random random, Tally tally);
  }

  private Barrage() {}

  /** Throws at least so many frames. */
  static Tally run(String what, long frames, Attack attack) {
    long seed = Volume.seed(what);
    Tally tally = new Tally();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed + i);
      threads.execute(() -> {
        while (tally.thrown() < frames && !tally.isSpoilt()) {
          once(attack, random, tally);
        }
      });
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(Volume.of(5, 60), TimeUnit.MINUTES)) {
        threads.shutdownNow();
        tally.fault("it takes too long");
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    tally.require(what, frames);
    return tally;
  }

  private static void once(Attack attack, Random random, Tally tally) {
    try {
      tally.connected();
      attack.connection(random, tally);
    } catch (UncheckedIOException e) {
      tally.fault("a connection broke: " + e.getCause());
    } catch (RuntimeException | Error e) {
      tally.fault(e + " at " + e.getStackTrace()[0]);
    }
  }
}
