package dev.chatgateway.testing;

import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/**
 * The real Redis that the tests of this JVM use, started when it is first asked for: a container, or
 * the embedded one where no Docker engine answers. See {@link RedisOfThisJvm} for what decides.
 */
public final class TestRedis {
  private TestRedis() {}

  /**
   * Where it listens, with the user that the gateway is in a deployment and that may do what it
   * needs, and no more. Stays the same over {@link #kill} and {@link #start}.
   */
  public static String uri() {
    return uriOfAdmin()
        .replace(
            "redis://", "redis://" + RedisUsers.GATEWAY + ":" + RedisUsers.GATEWAY_PASSWORD + "@");
  }

  /** Its port on this machine. */
  public static int port() {
    return URI.create(uriOfAdmin()).getPort();
  }

  /** As {@link #uri}, through something that listens on that port in its place. */
  public static String uriThrough(int port) {
    return uri().replace(":" + port(), ":" + port);
  }

  /** Where it listens, with the user that may do anything. */
  public static String uriOfAdmin() {
    return control("uri");
  }

  /** Whether it runs in a container (and is then of the version its image says). */
  public static boolean isContainer() {
    return control("kind").startsWith("Testcontainers");
  }

  /** A connection of the test's own, past the gateway, which may do everything. */
  public static Jedis connect() {
    return new Jedis(URI.create(uriOfAdmin()));
  }

  /** Asks Redis something, past the gateway. */
  public static <T> T ask(Function<Jedis, T> question) {
    try (Jedis redis = connect()) {
      return question.apply(redis);
    }
  }

  /** Does something to Redis, past the gateway. */
  public static void run(Consumer<Jedis> action) {
    try (Jedis redis = connect()) {
      action.accept(redis);
    }
  }

  /** Removes all data. */
  public static void flush() {
    run(Jedis::flushAll);
  }

  /** Cuts all connections there are, {@code CLIENT KILL}; Redis stays up. */
  public static void cutConnections() {
    run(redis -> {
      redis.clientKill(new ClientKillParams().type(ClientType.PUBSUB));
      redis.clientKill(
          new ClientKillParams().type(ClientType.NORMAL).skipMe(ClientKillParams.SkipMe.YES));
    });
  }

  /** Freezes it: connections stay open and nothing is answered, until {@link #resume}. */
  public static void pause() {
    control("pause");
  }

  public static void resume() {
    control("resume");
  }

  /** Ends it at once; its data is lost. */
  public static void kill() {
    control("kill");
  }

  /** Starts it again, empty, at the same address. */
  public static void start() {
    control("start");
  }

  /** Ends it and starts it again: all connections and all data are lost. */
  public static void restartEmpty() {
    kill();
    start();
  }

  // Quarkus loads test classes anew for each application; the JVM has its one Redis where the class
  // path itself was loaded, and so must what is found by service loaders.
  private static String control(String method) {
    ClassLoader everything = ClassLoader.getSystemClassLoader();
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    current.setContextClassLoader(everything);
    try {
      return (String) Class.forName(RedisOfThisJvm.class.getName(), true, everything)
          .getMethod(method)
          .invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      current.setContextClassLoader(before);
    }
  }
}
