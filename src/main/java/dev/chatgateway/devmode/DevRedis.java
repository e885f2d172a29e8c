package dev.chatgateway.devmode;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.redis.client.RedisHostsProvider;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The Redis of dev mode, unless {@code quarkus.redis.hosts} is set: Quarkus then doesn't ask a
 * provider at all.
 *
 * <p>It lasts as long as dev mode does, so that a live reload, which makes this bean anew, loses no
 * messages: what is running is noted in a system property. One that is ended by hand comes back
 * after some seconds, empty.
 */
@Singleton
@Identifier("embedded") @IfBuildProfile("dev")
public class DevRedis implements RedisHostsProvider {
  private static final Logger LOG = Logger.getLogger(DevRedis.class);
  private static final String RUNNING = "chat.dev.redis";
  private static final String ENDS_WITH_THIS_JVM = "chat.dev.redis.hook";
  private static final int ABSENCE_S = 5;

  @Override
  public Set<URI> getHosts() {
    return Set.of(URI.create("redis://127.0.0.1:" + running().port()));
  }

  /**
   * An embedded Redis that runs.
   *
   * @param port where it listens
   * @param pid its process
   * @param version its version
   */
  record Running(int port, long pid, String version) {}

  private static synchronized Running running() {
    Running known = known();
    if (known != null && ProcessHandle.of(known.pid()).isPresent()) {
      return known;
    }
    try {
      return start(new EmbeddedRedis(), known == null ? EmbeddedRedis.freePort() : known.port());
    } catch (IOException e) {
      throw new ConfigurationException(
          "The embedded Redis can't be started on this machine (" + e.getMessage() + ").\n"
              + "Run one yourself and say where:"
              + " ./mvnw quarkus:dev -Dquarkus.redis.hosts=redis://localhost:6379\n");
    }
  }

  private static Running start(EmbeddedRedis redis, int port) throws IOException {
    if (System.setProperty(ENDS_WITH_THIS_JVM, "yes") == null) {
      Runtime.getRuntime().addShutdownHook(new Thread(DevRedis::end));
    }
    Process process = redis.start(port);
    Running running = new Running(port, process.pid(), redis.version());
    System.setProperty(RUNNING, port + " " + running.pid() + " " + running.version());
    process
        .onExit()
        .thenRunAsync(
            () -> replace(redis, running),
            CompletableFuture.delayedExecutor(ABSENCE_S, TimeUnit.SECONDS));
    return running;
  }

  private static synchronized void end() {
    Running last = known();
    System.clearProperty(RUNNING); // and so it is not replaced
    if (last != null) {
      ProcessHandle.of(last.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  // Whoever ends it wants to see what the gateway does, and then go on.
  private static synchronized void replace(EmbeddedRedis redis, Running ended) {
    if (!ended.equals(known())) {
      return;
    }
    try {
      start(redis, ended.port());
      LOG.infof(
          "The embedded Redis had ended; an empty one has taken its place at localhost:%d",
          ended.port());
    } catch (IOException e) {
      LOG.errorf("The embedded Redis had ended and can't be started again: %s", e.getMessage());
    }
  }

  /** The one that was started in this JVM, or null. */
  static Running known() {
    String[] words = System.getProperty(RUNNING, "").split(" ");
    return words.length < 3
        ? null
        : new Running(Integer.parseInt(words[0]), Long.parseLong(words[1]), words[2]);
  }
}
