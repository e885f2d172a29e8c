package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A script of {@code src/main/resources/lua}, called by its digest and sent whole where a server
 * doesn't have it (a new, emptied or promoted one).
 */
public final class LuaScript {
  private static final String INCLUDE = "-- include ";

  private final String source;
  private final String sha1;

  private LuaScript(String source) {
    this.source = source;
    this.sha1 = sha1(source);
  }

  /**
   * Loads {@code lua/<name>.lua}, with what its {@code -- include} lines name put in their place.
   *
   * @param name {@code feature/operation}
   */
  public static LuaScript load(String name) {
    return new LuaScript(read(name));
  }

  private static String read(String name) {
    String path = "/lua/" + name + ".lua";
    try (InputStream in = LuaScript.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + path);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .map(line -> line.startsWith(INCLUDE) ? read(line.substring(INCLUDE.length())) : line)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs the script, atomically, on the server of its keys.
   *
   * @param keys all of one hash slot
   * @param args strings, byte arrays, or anything whose {@code toString} is meant; of a collection,
   *     its elements, one by one
   */
  public Future<Reply> call(RedisLink link, List<String> keys, Object... args) {
    return call(link, false, keys, args);
  }

  /**
   * As {@link #call}, for a change that must outlive the server: succeeds only once {@link
   * RedisConfig#waitReplicas()} replicas have it, too.
   */
  public Future<Reply> callDurably(RedisLink link, List<String> keys, Object... args) {
    return call(link, true, keys, args);
  }

  private Future<Reply> call(RedisLink link, boolean durable, List<String> keys, Object[] args) {
    String key = keys.get(0);
    return link.send(key, request(Command.EVALSHA, sha1, keys, args), durable)
        .recover(failure -> failure instanceof RedisErrorException error && error.isNoScript()
            ? link.send(key, request(Command.EVAL, source, keys, args), durable)
            : Future.failedFuture(failure));
  }

  private static Request request(Command command, String script, List<String> keys, Object[] args) {
    Request request = Request.cmd(command).arg(script).arg(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      request.arg(keys.get(i));
    }
    for (Object arg : args) {
      if (arg instanceof Collection<?> several) {
        several.forEach(one -> add(request, one));
      } else {
        add(request, arg);
      }
    }
    return request;
  }

  private static void add(Request request, Object arg) {
    if (arg instanceof byte[] bytes) {
      request.arg(bytes);
    } else {
      request.arg(String.valueOf(arg));
    }
  }

  private static String sha1(String source) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1"); // what EVALSHA names scripts by
      return HexFormat.of().formatHex(digest.digest(source.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
