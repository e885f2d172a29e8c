package dev.chatgateway.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a run has measured, in the order in which it is told. */
final class Figures {
  private static final Path FOLDER = Path.of("target", "load");

  private final Map<String, Object> all = new LinkedHashMap<>();

  Figures put(String what, Object figure) {
    all.put(what, figure);
    return this;
  }

  /** A figure with that many decimals. */
  Figures put(String what, double figure, int decimals) {
    return put(what, String.format(Locale.ROOT, "%." + decimals + "f", figure));
  }

  /** Prints them, and leaves them in {@code target/load} as JSON. */
  void tell(String name) {
    ObjectNode json = Door.JSON.createObjectNode();
    StringBuilder text = new StringBuilder("\n" + name + "\n");
    all.forEach((what, figure) -> {
      json.put(what, String.valueOf(figure));
      text.append(String.format(Locale.ROOT, "  %-52s %s%n", what, figure));
    });
    System.out.println(text);
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve(name.replace(' ', '-') + ".json"), json.toPrettyString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
