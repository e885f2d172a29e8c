package dev.chatgateway.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import dev.chatgateway.devmode.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Starts the Redis of this JVM, and says which it is on the standard output and in {@code
 * target/test-redis.txt}. Two system properties decide:
 *
 * <ul>
 *   <li>{@code chat.test.redis-image}: the image, pulled where it is missing. One that was named must
 *       start; without the property, the default's absence is no failure.
 *   <li>{@code chat.test.require-docker=true}: fail rather than use the embedded Redis.
 * </ul>
 *
 * <p>It has the users of {@code k8s/redis}, beside the default one, who is open to the tests.
 *
 * <p>Used through {@link TestRedis}, which sees to it that there is only one of it.
 */
public final class RedisOfThisJvm {
  private static final String IMAGE = "chat.test.redis-image";
  private static final String DEFAULT_IMAGE = "redis:7.4-alpine";
  private static final boolean REQUIRE_DOCKER = Boolean.getBoolean("chat.test.require-docker");
  private static final int REDIS_PORT = 6379;
  private static final Duration STARTUP = Duration.ofSeconds(20);
  private static final Path RECORD = Path.of("target", "test-redis.txt");

  private static Server server;

  private RedisOfThisJvm() {}

  /** Where it listens. */
  public static synchronized String uri() {
    return server().uri();
  }

  /** {@code Testcontainers IMAGE}, or {@code embedded Redis}. */
  public static synchronized String kind() {
    return server().kind();
  }

  public static synchronized void pause() {
    server().pause();
  }

  public static synchronized void resume() {
    server().resume();
  }

  public static synchronized void kill() {
    server().kill();
  }

  public static synchronized void start() {
    server().start();
    awaitReady(server().uri());
  }

  private static Server server() {
    if (server == null) {
      Server chosen = choose();
      Runtime.getRuntime().addShutdownHook(new Thread(chosen::remove));
      awaitReady(chosen.uri());
      record("Tests run against: " + chosen.kind());
      server = chosen;
    }
    return server;
  }

  private static Server choose() {
    String named = System.getProperty(IMAGE, "");
    try {
      return new Container(named.isEmpty() ? DEFAULT_IMAGE : named);
    } catch (NoEngineException e) {
      if (REQUIRE_DOCKER) {
        throw new IllegalStateException(
            "chat.test.require-docker is set, and no Docker engine answers", e);
      }
      warn("no Docker engine answers", e);
    } catch (RuntimeException e) {
      if (REQUIRE_DOCKER || !named.isEmpty()) {
        throw new IllegalStateException(
            "no Redis could be started from the image "
                + (named.isEmpty() ? DEFAULT_IMAGE : named + " (" + IMAGE + ")"),
            e);
      }
      warn("no container of " + DEFAULT_IMAGE + " could be started", e);
    }
    return new Embedded();
  }

  private static void warn(String what, RuntimeException why) {
    System.out.println("WARNING: " + what + " (" + why.getMessage()
        + "): using the embedded Redis, which is older than the one a deployment has");
  }

  private static void record(String line) {
    System.out.println(line);
    try {
      Files.createDirectories(RECORD.getParent());
      Files.writeString(RECORD, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitReady(String uri) {
    Awaitility.await("Redis at " + uri)
        .atMost(STARTUP)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(() -> {
          try (Jedis redis = new Jedis(URI.create(uri))) {
            return redis.ping().equals("PONG");
          }
        });
  }

  /** A port that was free a moment ago. */
  private interface Server {
    String uri();

    String kind();

    void pause();

    void resume();

    void kill();

    void start();

    void remove();
  }

  private static final class NoEngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoEngineException(String message) {
      super(message);
    }
  }

  private static final class Container implements Server {
    private static final int PULL_TIMEOUT_S = 60;
    private static final String USERS_IN_CONTAINER = "/users.acl";
    private static final int READABLE = 0644;

    private final String image;
    private final GenericContainer<?> container;
    private final int port = Ports.next();

    Container(String image) {
      this.image = image;
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        throw new NoEngineException("Testcontainers found none");
      }
      // Testcontainers' own pull goes on trying for minutes.
      pullIfMissing(DockerClientFactory.instance().client());
      container = new GenericContainer<>(
              DockerImageName.parse(image).asCompatibleSubstituteFor("redis"))
          .withCommand(
              "redis-server", "--save", "", "--appendonly", "no", "--aclfile", USERS_IN_CONTAINER)
          .withCopyToContainer(
              Transferable.of(RedisUsers.of(!image.matches(".*:6(\\..*)?"), true), READABLE),
              USERS_IN_CONTAINER)
          .withExposedPorts(REDIS_PORT);
      // A fixed port: a mapped one would change with each start.
      container.setPortBindings(List.of(port + ":" + REDIS_PORT));
      container.start();
    }

    private void pullIfMissing(DockerClient docker) {
      try {
        docker.inspectImageCmd(image).exec();
      } catch (NotFoundException missing) {
        System.out.println("Pulling " + image);
        DockerImageName name = DockerImageName.parse(image);
        try {
          boolean done = docker
              .pullImageCmd(name.getUnversionedPart())
              .withTag(name.getVersionPart())
              .exec(new ResultCallback.Adapter<PullResponseItem>())
              .awaitCompletion(PULL_TIMEOUT_S, TimeUnit.SECONDS);
          if (!done) {
            throw new IllegalStateException("pulling took over " + PULL_TIMEOUT_S + " s");
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public String uri() {
      return "redis://" + container.getHost() + ":" + port;
    }

    @Override
    public String kind() {
      return "Testcontainers " + image;
    }

    @Override
    public void pause() {
      docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resume() {
      String id = container.getContainerId();
      if (Boolean.TRUE.equals(docker().inspectContainerCmd(id).exec().getState().getPaused())) {
        docker().unpauseContainerCmd(id).exec();
      }
    }

    @Override
    public void kill() {
      docker().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void start() {
      docker().startContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void remove() {
      docker()
          .removeContainerCmd(container.getContainerId())
          .withForce(true)
          .withRemoveVolumes(true)
          .exec();
    }

    private DockerClient docker() {
      return container.getDockerClient();
    }
  }

  private static final class Embedded implements Server {
    private final EmbeddedRedis redis;
    private final Path users;
    private final int port = Ports.next();
    private Process process;

    Embedded() {
      try {
        redis = new EmbeddedRedis();
        users = Files.createTempFile("users", ".acl");
        Files.writeString(users, RedisUsers.of(false, true));
        users.toFile().deleteOnExit();
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded Redis could not be unpacked", e);
      }
      start();
    }

    @Override
    public String uri() {
      return "redis://127.0.0.1:" + port;
    }

    @Override
    public String kind() {
      return "embedded Redis";
    }

    @Override
    public void pause() {
      Signals.send("STOP", process.pid());
    }

    @Override
    public void resume() {
      Signals.send("CONT", process.pid());
    }

    @Override
    public void kill() {
      process.destroyForcibly();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void start() {
      try {
        process = redis.start(port, "--aclfile", users.toString());
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded Redis does not start", e);
      }
    }

    @Override
    public void remove() {
      process.destroyForcibly();
    }
  }
}
