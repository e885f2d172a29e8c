package dev.chatgateway.ops;

import dev.chatgateway.Pod;
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

  HealthChecks(Pod pod, LimitsConfig limits) {
    this.pod = pod;
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

  /** The pod may be sent clients: it has started, is not stopping, and has room. */
  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> {
      boolean started = pod.health().isStarted();
      boolean full = pod.sessions().count() >= limits.connections();
      return HealthCheckResponse.named("connections")
          .status(started && !pod.isDraining() && !full)
          .withData("started", started)
          .withData("draining", pod.isDraining())
          .withData("full", full)
          .withData("connections", pod.sessions().count())
          .withData(
              "store", PodReport.store(!pod.health().isDegraded(), pod.health().refusedWith()))
          .build();
    };
  }
}
