package dev.chatgateway;

import dev.chatgateway.auth.TicketAccess;
import dev.chatgateway.auth.TokenTicketAccess;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.ops.DrainConfig;
import dev.chatgateway.ops.RebalanceConfig;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.presence.PresenceConfig;
import dev.chatgateway.redis.RedisLinks;
import dev.chatgateway.relay.RelayConfig;
import dev.chatgateway.session.AdmissionConfig;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.ticket.TicketConfig;
import dev.chatgateway.tracing.Tracing;
import dev.chatgateway.tracing.TracingConfig;
import dev.chatgateway.typing.TypingConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the pod into Quarkus. */
@ApplicationScoped
public class PodBeans {
  /** The rule of who may enter a ticket, where a deployment provides none. */
  @Produces
  @Singleton
  @DefaultBean
  TicketAccess tokenTicketAccess() {
    return new TokenTicketAccess();
  }

  @Produces
  @Singleton
  Tracing tracing(TracingConfig config) {
    return Tracing.of(config);
  }

  void close(@Disposes Tracing tracing) {
    tracing.close();
  }

  @Produces
  @Singleton
  @Startup
  Pod pod(
      Vertx vertx,
      RedisLinks redis,
      LimitsConfig limits,
      TicketConfig ticket,
      TypingConfig typing,
      PresenceConfig presence,
      RelayConfig relay,
      PeersConfig peers,
      DrainConfig drain,
      AdmissionConfig admission,
      RebalanceConfig rebalance,
      TokenVerifier verifier,
      TicketAccess access,
      MeterRegistry registry,
      Tracing tracing) {
    PodConfig config =
        new PodConfig(limits, ticket, typing, presence, relay, peers, drain, admission, rebalance);
    return new Pod(vertx, redis, config, verifier, access, registry, tracing);
  }

  void serving(@ObservesAsync HttpServerStart serving, Pod pod) {
    pod.serving();
  }

  void serving(@ObservesAsync HttpsServerStart serving, Pod pod) {
    pod.serving();
  }

  // Before Quarkus closes the connections in its own way, which tells clients that all is well.
  void drain(@Observes ShutdownDelayInitiatedEvent stopping, Pod pod) throws InterruptedException {
    pod.drain().closeAll();
  }

  // There is no delay in dev mode's live reload.
  void stop(@Observes ShutdownEvent stopping, Pod pod, RedisLinks redis)
      throws InterruptedException {
    pod.drain().closeAll();
    redis.end();
  }
}
