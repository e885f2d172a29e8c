package dev.chatgateway.auth;

import dev.chatgateway.auth.IssuerKeys.Times;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;

/** The issuers whose tokens are accepted, each with its keys. */
public final class Issuers {
  private static final Logger LOG = Logger.getLogger(Issuers.class);

  /** An issuer and its keys. */
  record Trusted(Issuer issuer, IssuerKeys keys, AlgorithmConstraints constraints) {}

  private final List<Trusted> all = new ArrayList<>();
  private final Map<String, Trusted> byIss = new HashMap<>();

  /**
   * @param clock {@link System#nanoTime}
   * @param timer runs something after a while
   */
  Issuers(
      List<Issuer> configured,
      KeysConfig config,
      Function<Issuer, KeySource> sources,
      LongSupplier clock,
      BiConsumer<Duration, Runnable> timer) {
    for (Issuer issuer : configured) {
      Issuer.Keys keys = issuer.keys();
      Times times = new Times(
          keys.refresh() == null ? config.refresh() : keys.refresh(),
          keys.keep() == null ? config.keep() : keys.keep(),
          config.unknownKidInterval());
      Trusted trusted = new Trusted(
          issuer,
          new IssuerKeys(issuer.name(), sources.apply(issuer), times, clock, timer),
          new AlgorithmConstraints(
              AlgorithmConstraints.ConstraintType.PERMIT,
              issuer.algorithms().toArray(String[]::new)));
      all.add(trusted);
      byIss.put(issuer.iss(), trusted);
    }
  }

  /** Reads the keys of all, and goes on to do so. */
  void start() {
    for (Trusted trusted : all) {
      if (trusted.issuer().keys().isPlainHttp()) {
        LOG.warnf(
            "The keys of issuer %s come by http: who can change what is on the wire can make tokens;"
                + " use https",
            trusted.issuer().name());
      }
      trusted.keys().start();
    }
  }

  /** Reads no more keys in the background. */
  void stop() {
    all.forEach(trusted -> trusted.keys().stop());
  }

  /** Measures how old the keys are, and how often they could not be read. */
  void measure(MeterRegistry registry) {
    for (Trusted trusted : all) {
      String name = trusted.issuer().name();
      Gauge.builder("chat.keys.age", trusted.keys(), IssuerKeys::ageSeconds)
          .description("Time since the keys of an issuer of tokens were last read")
          .baseUnit("seconds")
          .tag("issuer", name)
          .register(registry);
      FunctionCounter.builder("chat.keys.failed", trusted.keys(), IssuerKeys::failed)
          .description("Times that the keys of an issuer of tokens could not be read")
          .tag("issuer", name)
          .register(registry);
    }
  }

  /** The issuer whose tokens say so; null where there is none. */
  Trusted of(String iss) {
    Trusted found = byIss.get(iss);
    return found != null ? found : byIss.get(null);
  }

  /** Whether the keys of one issuer have been read, so that somebody can be let in. */
  public boolean anyKnown() {
    return all.stream().anyMatch(trusted -> trusted.keys().everKnown());
  }
}
