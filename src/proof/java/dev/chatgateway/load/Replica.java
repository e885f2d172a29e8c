package dev.chatgateway.load;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.PodSpec;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A pod of a {@link Deployment}. */
final class Replica implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3); // timeoutSeconds
  private static final int FAILURES = 2; // failureThreshold

  private final PodProcess process;
  private final int port;
  private final int revision;
  private volatile long readySince;
  private volatile boolean going;
  private volatile long termAt;
  private int failed;

  Replica(PodSpec spec, int revision) {
    port = spec.port();
    this.revision = revision;
    process = spec.launch();
  }

  int port() {
    return port;
  }

  int revision() {
    return revision;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  boolean going() {
    return going;
  }

  /** When it got SIGTERM; 0 if it has not. */
  long termAt() {
    return termAt;
  }

  void probe() {
    if (process.isReady(PATIENCE)) {
      failed = 0;
      if (readySince == 0) {
        readySince = System.nanoTime();
      }
    } else if (++failed >= FAILURES) {
      readySince = 0;
    }
  }

  boolean ready() {
    return readySince != 0 && process.isAlive();
  }

  /** Whether it has been ready for that long. */
  boolean available(Duration minReady) {
    return ready() && System.nanoTime() - readySince >= minReady.toNanos();
  }

  /** Ends it as the kubelet does; returns at once. */
  void end(Duration preStop, Duration grace) {
    going = true;
    Thread ending = new Thread(
        () -> {
          try {
            TimeUnit.MILLISECONDS.sleep(preStop.toMillis());
            termAt = System.nanoTime();
            process.stop();
            process.awaitExit(grace.minus(preStop));
          } catch (InterruptedException | AssertionError e) {
            process.kill();
          }
        },
        "ending " + port);
    ending.setDaemon(true);
    ending.start();
  }

  /** Ends it with SIGKILL. */
  void kill() {
    process.kill();
  }

  String log() {
    return process.log();
  }

  @Override
  public String toString() {
    return "pod " + port + " of revision " + revision;
  }

  @Override
  public void close() {
    process.close();
  }
}
