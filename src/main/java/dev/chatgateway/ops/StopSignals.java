package dev.chatgateway.ops;

import dev.chatgateway.Pod;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** A second SIGTERM, or Ctrl-C, cuts the drain short that the first began; the JVM ignores it. */
@Singleton
@IfBuildProfile("prod")
public class StopSignals {
  private static final Logger LOG = Logger.getLogger(StopSignals.class);

  private final Pod pod;
  private final AtomicBoolean stopping = new AtomicBoolean();

  StopSignals(Pod pod) {
    this.pod = pod;
  }

  void watch(@Observes StartupEvent started) {
    watch("TERM");
    watch("INT");
  }

  private void watch(String name) {
    try {
      SignalHandler[] before = new SignalHandler[1];
      before[0] = Signal.handle(new Signal(name), signal -> received(signal, before[0]));
    } catch (IllegalArgumentException e) {
      LOG.debugf("A second SIG%s changes nothing: %s", name, e.getMessage()); // as with -Xrs
    }
  }

  private void received(Signal signal, SignalHandler before) {
    if (stopping.compareAndSet(false, true)) {
      before.handle(signal);
    } else {
      LOG.warn("Told to stop once more: stopping now");
      pod.drain().hurry();
    }
  }
}
