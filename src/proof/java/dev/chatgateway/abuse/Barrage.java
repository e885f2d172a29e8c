package dev.chatgateway.abuse;

import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Throws messages over connection after connection, several at once. What a connection does follows
 * from the seed, what is attacked and the connection's number.
 */
final class Barrage {
  private static final int THREADS = 16;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  /** Connections, each from its beginning to its end. */
  @FunctionalInterface
  interface Attack {
    /** Throws some messages on one, and tallies them and what comes of them. */
    void connection(long number, Random random, Tally tally);
  }

  private Barrage() {}

  /** Throws until so many have been handled. */
  static Tally run(String what, long handled, Attack attack) {
    long seed = Volume.seed() ^ what.hashCode() * PRIME;
    long began = System.nanoTime();
    Tally tally = new Tally(handled);
    AtomicLong numbers = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < THREADS; i++) {
      threads.execute(() -> {
        while (!tally.isEnough() && !tally.isSpoilt()) {
          long number = numbers.getAndIncrement();
          once(attack, number, new Random(seed + number * PRIME), tally);
        }
      });
    }
    threads.shutdown();
    try {
      int minutes = Volume.isFull() ? 120 : 5;
      while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        tally.print(what + ", so far");
        if (--minutes == 0) {
          threads.shutdownNow();
          tally.fault("it takes too long");
        }
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf("%s: %.1f s, %.0f/s%n", what, seconds, tally.handled() / seconds);
    return tally;
  }

  private static void once(Attack attack, long number, Random random, Tally tally) {
    try {
      tally.connected();
      attack.connection(number, random, tally);
    } catch (UncheckedIOException e) {
      tally.fault("connection " + number + " broke: " + e + ", " + e.getCause());
    } catch (RuntimeException | Error e) {
      tally.fault("connection " + number + ": " + e + " at " + e.getStackTrace()[0]);
    }
  }
}
