package dev.chatgateway.ops;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.Issuers;
import dev.chatgateway.session.LimitsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * The probes. Neither looks at Redis once the pod has started: restarting pods doesn't bring Redis
 * back, and pods that are all unready leave clients nowhere to go.
 */
@ApplicationScoped
public class HealthChecks {
  private final Pod pod;
  private final Progress progress;
  private final LimitsConfig limits;
  private final Issuers issuers;

  HealthChecks(Pod pod, LimitsConfig limits, Issuers issuers) {
    this.pod = pod;
    this.issuers = issuers;
    this.progress = new Progress(pod.loops());
    this.limits = limits;
  }

  /** This process can make progress. */
  @Produces
  @Liveness
  HealthCheck live() {
    return () ->
        HealthCheckResponse.named("event-loops").status(progress.isAlive()).build();
  }

  /** The pod may be sent clients: it has started, knows the keys of an issuer, is not stopping, and has room. */
  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> {
      boolean started = pod.health().isStarted();
      boolean keys = issuers.anyKnown();
      boolean full = pod.sessions().count() >= limits.connections();
      return HealthCheckResponse.named("connections")
          .status(started && keys && !pod.isDraining() && !full)
          .withData("started", started)
          .withData("keys", keys)
          .withData("draining", pod.isDraining())
          .withData("full", full)
          .withData("connections", pod.sessions().count())
          .withData(
              "store", PodReport.store(!pod.health().isDegraded(), pod.health().refusedWith()))
          .build();
    };
  }
}
