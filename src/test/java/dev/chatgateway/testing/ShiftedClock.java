package dev.chatgateway.testing;

import dev.chatgateway.redis.LuaScript;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Redis's clock as all pods of this JVM see it: what {@code TIME} says in their scripts is off by so
 * much, which may change while they run, as where another server takes over. Lifetimes of keys go by
 * Redis's real clock. Until {@link #close}.
 */
public final class ShiftedClock implements AutoCloseable {
  private static final Path CLASSES = Path.of("target", "classes");
  private static final String SHIFT = "local true_redis = redis;"
      + " local redis = setmetatable({ call = function(command, ...)"
      + " if command ~= 'TIME' then return true_redis.call(command, ...) end"
      + " local now = true_redis.call('TIME');"
      + " return { string.format('%%d', tonumber(now[1]) + %d), now[2] }"
      + " end }, { __index = true_redis });\n";

  private final List<Shifted> scripts = new ArrayList<>();

  /** A script of the pods, and what is to be put back. */
  private record Shifted(LuaScript script, String source) {}

  /** The clock is that much ahead, or behind where it is negative, in whole seconds. */
  public ShiftedClock(Duration ahead) {
    try {
      for (LuaScript script : scripts()) {
        scripts.add(new Shifted(script, (String) field("source").get(script)));
      }
      set(ahead);
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From now on it is that much ahead of the true one. */
  public void set(Duration ahead) {
    String head = ahead.isZero() ? "" : SHIFT.formatted(ahead.toSeconds());
    scripts.forEach(one -> replace(one.script(), head + one.source()));
  }

  @Override
  public void close() {
    set(Duration.ZERO);
  }

  private static void replace(LuaScript script, String source) {
    try {
      Constructor<LuaScript> constructor = LuaScript.class.getDeclaredConstructor(String.class);
      constructor.setAccessible(true);
      LuaScript other = constructor.newInstance(source);
      for (String name : List.of("source", "sha1")) {
        field(name).set(script, field(name).get(other));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field field(String name) throws NoSuchFieldException {
    Field field = LuaScript.class.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static List<LuaScript> scripts() throws IOException, ReflectiveOperationException {
    List<LuaScript> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CLASSES.resolve("dev"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String path = CLASSES.relativize(file).toString();
        String name = path.substring(0, path.length() - ".class".length())
            .replace(file.getFileSystem().getSeparator(), ".");
        Class<?> type = Class.forName(name, false, ShiftedClock.class.getClassLoader());
        for (Field field : type.getDeclaredFields()) {
          if (field.getType() == LuaScript.class && Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            found.add((LuaScript) field.get(null));
          }
        }
      }
    }
    return found;
  }
}
