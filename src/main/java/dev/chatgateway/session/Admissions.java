package dev.chatgateway.session;

import dev.chatgateway.logging.LogThrottle;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Whether a new connection may come, at whichever door; asked before anything else is done for it.
 * May be asked from anywhere.
 */
public final class Admissions {
  private static final Logger LOG = Logger.getLogger(Admissions.class);
  private static final int SOON_S = 1;

  private final AdmissionConfig config;
  private final RateLimit rate;
  private final LongSupplier nanos;
  private final BooleanSupplier stopping;
  private final AtomicLong arrival;
  private final LogThrottle warnings;
  private final Counter refusedByRate;
  private final Counter refusedByDrain;
  private final Counter refusedFull;

  /**
   * @param stopping whether the pod takes no more connections
   * @param nanos a clock as {@link System#nanoTime}
   */
  public Admissions(
      AdmissionConfig config,
      BooleanSupplier stopping,
      LongSupplier nanos,
      MeterRegistry registry) {
    this.config = config;
    this.rate = new RateLimit(config);
    this.stopping = stopping;
    this.nanos = nanos;
    this.arrival = new AtomicLong(nanos.getAsLong());
    this.warnings = new LogThrottle(Duration.ofSeconds(10), nanos);
    this.refusedByRate = counter("rate", registry);
    this.refusedByDrain = counter("draining", registry);
    this.refusedFull = counter("full", registry);
  }

  private static Counter counter(String reason, MeterRegistry registry) {
    return Counter.builder("chat.admission.refused")
        .description("New connections answered with 503, by reason")
        .tag("reason", reason)
        .register(registry);
  }

  /**
   * Takes one connection in.
   *
   * @return 0, or the seconds after which it may be tried again where it is refused
   */
  public int admit() {
    if (stopping.getAsBoolean()) {
      refusedByDrain.increment();
      return SOON_S; // the next pod has room
    }
    long now = nanos.getAsLong();
    long was;
    do {
      was = arrival.get();
      if (rate.waitNanos(was, now) > 0) {
        refusedByRate.increment();
        warn();
        return later();
      }
    } while (!arrival.compareAndSet(was, rate.next(was, now)));
    return 0;
  }

  /** Counts one that is refused as there is no room; the seconds after which to try again. */
  public int refuseFull() {
    refusedFull.increment();
    return later();
  }

  // At random, or those who are refused together would come back together.
  private int later() {
    return 1 + ThreadLocalRandom.current().nextInt(config.retryAfter());
  }

  private void warn() {
    if (warnings.admits()) {
      LOG.warnf(
          "More than %d new connections per second; refusing the rest, %d so far"
              + " (chat.admission)",
          config.perSecond(), (long) refusedByRate.count());
    }
  }
}
