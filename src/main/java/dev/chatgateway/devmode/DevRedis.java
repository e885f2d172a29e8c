package dev.chatgateway.devmode;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.redis.client.RedisHostsProvider;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * The Redis of dev mode, unless {@code quarkus.redis.hosts} is set: Quarkus then doesn't ask a
 * provider at all.
 *
 * <p>It lasts as long as dev mode does, so that a live reload, which makes this bean anew, loses no
 * messages: what is running is noted in a system property.
 */
@Singleton
@Identifier("embedded") @IfBuildProfile("dev")
public class DevRedis implements RedisHostsProvider {
  private static final String RUNNING = "chat.dev.redis";

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
      EmbeddedRedis redis = new EmbeddedRedis();
      // The address a reload found before, if any: pods of other processes may be using it.
      int port = known == null ? EmbeddedRedis.freePort() : known.port();
      Process process = redis.start(port);
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      String version = redis.version();
      System.setProperty(RUNNING, port + " " + process.pid() + " " + version);
      return new Running(port, process.pid(), version);
    } catch (IOException e) {
      throw new ConfigurationException(
          "The embedded Redis can't be started on this machine (" + e.getMessage() + "). "
              + "Run one yourself and say where: "
              + "./mvnw quarkus:dev -Dquarkus.redis.hosts=redis://localhost:6379",
          e);
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
