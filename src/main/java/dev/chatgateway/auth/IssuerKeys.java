package dev.chatgateway.auth;

import dev.chatgateway.logging.LogThrottle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;

/**
 * The keys of one issuer: read in the background, again and again, and kept for a while when that
 * fails. One reading is under way at a time. May be used from any thread.
 */
final class IssuerKeys {
  private static final Logger LOG = Logger.getLogger(IssuerKeys.class);
  private static final long FIRST_RETRY_MS = 1000;
  private static final long MAX_RETRY_MS = 30_000;

  /**
   * Keys as they were read.
   *
   * @param askedNanos when the reading began
   */
  record Known(List<JsonWebKey> keys, long askedNanos) {}

  /**
   * How often keys are read.
   *
   * @param refresh between two readings
   * @param keep how long keys count when reading fails
   * @param again between two readings because of keys that are not known
   */
  record Times(Duration refresh, Duration keep, Duration again) {}

  private final String name;
  private final KeySource source;
  private final Times times;
  private final LongSupplier clock;
  private final BiConsumer<Duration, Runnable> timer;
  private final LogThrottle warnings;

  private volatile boolean stopped;
  private Known known;
  private CompletableFuture<Void> reading;
  private boolean everAgain;
  private long lastAgainNanos;
  private boolean wanted; // a reading is due as soon as the interval admits it
  private int failures;
  private long failed; // in total

  /**
   * @param clock {@link System#nanoTime}
   * @param timer runs something after a while
   */
  IssuerKeys(
      String name,
      KeySource source,
      Times times,
      LongSupplier clock,
      BiConsumer<Duration, Runnable> timer) {
    this.name = name;
    this.source = source;
    this.times = times;
    this.clock = clock;
    this.timer = timer;
    this.warnings = new LogThrottle(Duration.ofMinutes(1), clock);
  }

  /** Reads the keys, and goes on to do so in the background. */
  CompletableFuture<Void> start() {
    return refresh();
  }

  /** Reads them no more in the background. */
  void stop() {
    stopped = true;
  }

  private CompletableFuture<Void> refresh() {
    return read().whenComplete((done, problem) -> {
      if (!stopped) {
        timer.accept(next(), this::refresh);
      }
    });
  }

  private synchronized Duration next() {
    long refreshMs = times.refresh().toMillis();
    if (failures == 0) {
      // Pods that started together don't ask together.
      return Duration.ofMillis(
          refreshMs - ThreadLocalRandom.current().nextLong(refreshMs / 10 + 1));
    }
    long retryMs = FIRST_RETRY_MS << Math.min(failures - 1, 5);
    return Duration.ofMillis(Math.min(Math.min(retryMs, MAX_RETRY_MS), refreshMs));
  }

  /** The keys that count now, or null where there are none. */
  synchronized Known known() {
    boolean tooOld =
        known != null && clock.getAsLong() - known.askedNanos() > times.keep().toNanos();
    return tooOld ? null : known;
  }

  /** Whether the keys have ever been read. */
  synchronized boolean everKnown() {
    return known != null;
  }

  /** How old what is known of the keys is, in seconds; NaN where they have never been read. */
  synchronized double ageSeconds() {
    return known == null ? Double.NaN : (clock.getAsLong() - known.askedNanos()) / 1e9;
  }

  /** How often reading has failed. */
  synchronized long failed() {
    return failed;
  }

  /**
   * Reads the keys because one is not known: the reading that is under way, or one that begins now.
   *
   * @return null where the interval admits none yet; one follows as soon as it does
   */
  CompletableFuture<Void> again() {
    synchronized (this) {
      if (reading != null) {
        return reading;
      }
      long leftMs = againLeftMs();
      if (leftMs > 0) {
        if (!wanted) {
          wanted = true;
          timer.accept(Duration.ofMillis(leftMs), this::wanted);
        }
        return null;
      }
      everAgain = true;
      lastAgainNanos = clock.getAsLong();
    }
    return read();
  }

  private void wanted() {
    synchronized (this) {
      wanted = false;
    }
    again();
  }

  /** In how many ms the keys may be read again because one is not known; 0 for now. */
  synchronized long againLeftMs() {
    if (!everAgain) {
      return 0;
    }
    long left = times.again().toNanos() - (clock.getAsLong() - lastAgainNanos);
    return left <= 0 ? 0 : left / 1_000_000 + 1;
  }

  private CompletableFuture<Void> read() {
    CompletableFuture<Void> done;
    long asked;
    synchronized (this) {
      if (reading != null) {
        return reading;
      }
      done = new CompletableFuture<>();
      reading = done;
      asked = clock.getAsLong();
    }
    begin().thenApply(IssuerKeys::parse).whenComplete((keys, problem) -> {
      ended(keys, asked, problem);
      if (problem == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(problem);
      }
    });
    return done;
  }

  private CompletableFuture<byte[]> begin() {
    try {
      return source.read();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static List<JsonWebKey> parse(byte[] content) {
    try {
      return KeyFormat.parse(content);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private synchronized void ended(List<JsonWebKey> keys, long asked, Throwable problem) {
    reading = null;
    if (problem == null) {
      if (failures > 0 || known == null) {
        LOG.infof(
            "Read the keys of issuer %s: count=%d location=%s", name, keys.size(), source.shown());
      }
      failures = 0;
      warnings.reset();
      known = new Known(keys, asked);
      return;
    }
    failures++;
    failed++;
    if (warnings.admits()) {
      LOG.warnf(
          "The keys of issuer %s can't be read: location=%s reason=\"%s\" %s",
          name, source.shown(), reason(problem), inUse());
    }
  }

  private String inUse() {
    if (known == null) {
      return "none are known: its tokens are answered with unavailable";
    }
    Duration age = Duration.ofNanos(clock.getAsLong() - known.askedNanos());
    return age.compareTo(times.keep()) > 0
        ? "those known are too old: its tokens are answered with unavailable"
        : "in use: those read " + age.toSeconds() + " s ago, until "
            + times.keep().toSeconds() + " s";
  }

  /** What went wrong, in a few words. */
  static String reason(Throwable problem) {
    Throwable cause = problem;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException) {
      return "it took too long";
    }
    return cause.getMessage() == null || cause.getMessage().isBlank()
        ? cause.getClass().getSimpleName()
        : cause.getMessage();
  }
}
