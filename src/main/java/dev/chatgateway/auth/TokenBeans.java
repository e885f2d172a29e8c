package dev.chatgateway.auth;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.config.Config;

/** Wires the issuers and the verifier into Quarkus. */
@ApplicationScoped
public class TokenBeans {
  private final KeysConfig keys;
  private final TlsConfigurationRegistry tls;
  private final ScheduledExecutorService executor;

  TokenBeans(KeysConfig keys, TlsConfigurationRegistry tls, ScheduledExecutorService executor) {
    this.keys = keys;
    this.tls = tls;
    this.executor = executor;
  }

  @Produces
  @Singleton
  Issuers issuers(IssuersConfig config, Config all, MeterRegistry registry) {
    Issuers issuers = new Issuers(
        IssuerSettings.of(config, all),
        keys,
        issuer -> source(issuer, executor),
        System::nanoTime,
        (delay, task) -> executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS));
    issuers.measure(registry);
    issuers.start();
    return issuers;
  }

  void stop(@Disposes Issuers issuers) {
    issuers.stop();
  }

  /** Unless a deployment has its own. */
  @Produces
  @Singleton
  @DefaultBean
  TokenVerifier verifier(Issuers issuers, TokensConfig tokens) {
    return new JwtTokenVerifier(
        issuers, tokens.clockSkew(), Clock.systemUTC(), System::nanoTime, executor);
  }

  KeySource source(Issuer issuer, Executor files) {
    Issuer.Keys where = issuer.keys();
    int maxBytes = (int) Math.min(keys.maxSize().asLongValue(), 64 << 20);
    if (where.content() != null) {
      return new ConfiguredKey(where.content());
    }
    if (!where.isAddress()) {
      return new FileKeys(where.location(), maxBytes, keys.timeout(), files);
    }
    try {
      return new HttpKeys(where.location(), maxBytes, keys.timeout(), tls(where));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "The location of the keys of issuer " + issuer.name() + " is no address.\n");
    }
  }

  private SSLContext tls(Issuer.Keys where) {
    if (where.tls() == null) {
      return null;
    }
    try {
      return tls.get(where.tls())
          .orElseThrow(() -> new ConfigurationException("There is no TLS configuration "
              + where.tls() + " (quarkus.tls." + where.tls() + ".*), which chat.issuers names.\n"))
          .createSSLContext();
    } catch (ConfigurationException e) {
      throw e;
    } catch (Exception e) {
      throw new ConfigurationException(
          "The TLS configuration " + where.tls() + " can't be used: " + e.getMessage() + "\n");
    }
  }

  /** A key that is configured itself. */
  private record ConfiguredKey(String content) implements KeySource {
    @Override
    public CompletableFuture<byte[]> read() {
      return CompletableFuture.completedFuture(content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String shown() {
      return StandardIssuer.KEY;
    }

    @Override
    public String toString() {
      return shown();
    }
  }
}
