package dev.chatgateway.chaos.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * How a scenario went.
 *
 * @param problems what was not as it should be by the end
 */
record Outcome(
    String name, long seed, List<Entry> entries, List<String> problems, long agreedMs, long nanos) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The row of the table. */
  Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("scenario", name);
    row.put("seed", seed);
    row.put(
        "accepted",
        count(fact -> fact instanceof Fact.Ok ok
            && ok.result() instanceof Result.Accepted accepted
            && !accepted.duplicate()));
    row.put(
        "duplicates",
        count(fact -> fact instanceof Fact.Ok ok
            && ok.result() instanceof Result.Accepted accepted
            && accepted.duplicate()));
    row.put("refused", count(Fact.Fail.class::isInstance));
    row.put("unknown", count(Fact.Unknown.class::isInstance));
    row.put("delivered", count(Seen.NewMessage.class::isInstance));
    row.put("connections", count(Link.Opened.class::isInstance));
    row.put("agreed_ms", agreedMs);
    row.put("seconds", TimeUnit.NANOSECONDS.toSeconds(nanos));
    row.put("problems", problems.size());
    return row;
  }

  private long count(java.util.function.Predicate<Fact> which) {
    return entries.stream().filter(entry -> which.test(entry.fact())).count();
  }

  /** Appends the row to {@code results.jsonl}, and writes the table anew. */
  void write() {
    Path rows = Scenario.FOLDER.resolve("results.jsonl");
    try {
      Files.writeString(
          rows,
          JSON.writeValueAsString(row()) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      StringBuilder table = new StringBuilder();
      for (String line : Files.readAllLines(rows)) {
        Map<?, ?> row = JSON.readValue(line, LinkedHashMap.class);
        if (table.isEmpty()) {
          table.append(cells(row.keySet())).append("|---".repeat(row.size())).append("|\n");
        }
        table.append(cells(row.values()));
      }
      Files.writeString(Scenario.FOLDER.resolve("results.md"), table);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String cells(java.util.Collection<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
