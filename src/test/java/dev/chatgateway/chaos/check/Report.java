package dev.chatgateway.chaos.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Verdicts for people and for programs. */
public final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Column to what its cells show. */
  private static final List<Column> COLUMNS = List.of(
      new Column("Fault", Report::run),
      number("Accepted", "accepted"),
      new Column("Unknown", verdict -> {
        long permille = verdict.number("unknown_permille");
        return permille / 10 + "." + permille % 10 + " %";
      }),
      number("Lost", "lost"),
      number("Lost by the store", "lost_store"),
      new Column(
          "Twice",
          verdict -> Long.toString(verdict.number("stored_twice") + verdict.number("taken_twice"))),
      new Column(
          "Reordered",
          verdict -> Long.toString(verdict.number("reordered") + verdict.number("misordered"))),
      number("Holes", "holes"),
      number("Told holes", "told_holes"),
      number("Status back", "regressions"),
      number("Longest ghost, ms", "ghost_ms"),
      number("Absences", "absences"),
      number("Unread", "unread_judged"),
      number("Unread after a mark", "unread_marked"),
      number("Probes", "probes"),
      number("First accepted, ms", "first_accepted_ms"),
      number("All agree, ms", "agreed_after_stop_ms"),
      new Column(
          "Violated",
          verdict -> verdict.ok()
              ? "none"
              : verdict.refuted().stream().sorted().collect(Collectors.joining(", "))));

  private interface Cell {
    String of(Verdict verdict);
  }

  private record Column(String title, Cell cell) {}

  private Report() {}

  private static Column number(String title, String number) {
    return new Column(title, verdict -> Long.toString(verdict.number(number)));
  }

  private static String run(Verdict verdict) {
    String name = verdict.run().name();
    String fault = verdict.run().fault();
    return name.equals(fault) ? name : name + ": " + fault;
  }

  /** A table in Markdown, and what violates what. */
  public static String text(Collection<Verdict> verdicts) {
    StringBuilder text = new StringBuilder(table(verdicts));
    for (Verdict verdict : verdicts) {
      verdict
          .violations()
          .forEach(violation ->
              text.append('\n').append(verdict.run().name()).append(": ").append(violation));
    }
    return text.toString();
  }

  /** A table in Markdown, with a row for each. */
  public static String table(Collection<Verdict> verdicts) {
    StringBuilder table =
        new StringBuilder(row(COLUMNS.stream().map(Column::title).toList()));
    table.append(row(COLUMNS.stream().map(column -> "---").toList()));
    for (Verdict verdict : verdicts) {
      table.append(row(COLUMNS.stream().map(column -> column.cell().of(verdict)).toList()));
    }
    return table.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** One object a line. */
  public static String json(Collection<Verdict> verdicts) {
    return verdicts.stream().map(Report::json).collect(Collectors.joining("\n"));
  }

  /** What the run was, whether it is held to be right, and all numbers. */
  public static String json(Verdict verdict) {
    ObjectNode row = JSON.createObjectNode()
        .put("run", verdict.run().name())
        .put("fault", verdict.run().fault())
        .put("seed", verdict.run().seed())
        .put("commit", verdict.run().commit())
        .put("may_lose_data", verdict.run().mayLoseData())
        .put("ok", verdict.ok());
    row.set("settings", JSON.valueToTree(verdict.run().settings()));
    row.set("violated", JSON.valueToTree(verdict.violated()));
    row.set("numbers", JSON.valueToTree(verdict.numbers()));
    try {
      return JSON.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
