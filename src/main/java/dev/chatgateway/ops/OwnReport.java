package dev.chatgateway.ops;

import dev.chatgateway.Pod;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** What this pod says of itself. */
final class OwnReport {
  private final Pod pod;
  private final String host;
  private final String version;
  private final PodFigures figures;
  private final RuntimeMXBean process = ManagementFactory.getRuntimeMXBean();
  private volatile PodReport latest;

  OwnReport(Pod pod, String version, PodFigures figures) {
    this.pod = pod;
    this.host = host();
    this.version = version;
    this.figures = figures;
    this.latest = make();
  }

  // What Kubernetes and Docker name the pod; elsewhere it may not be there.
  private static String host() {
    String name = System.getenv("HOSTNAME");
    if (name != null && !name.isBlank()) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** Makes it anew: once per heartbeat, which its rates are taken over. On one thread only. */
  PodReport renew() {
    latest = make();
    return latest;
  }

  /** The one that was made last. */
  PodReport latest() {
    return latest;
  }

  private PodReport make() {
    return new PodReport(
        pod.id(),
        host,
        version,
        process.getStartTime(),
        Math.max(0, pod.nowMs()),
        TimeUnit.MILLISECONDS.toSeconds(process.getUptime()),
        pod.isDraining(),
        !pod.health().isDegraded(),
        pod.health().refusedWith(),
        figures.read(System.nanoTime()));
  }
}
