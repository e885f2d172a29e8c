package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.check.Report;
import dev.chatgateway.chaos.check.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The verdicts of this run: {@code results.jsonl}, and {@code results.md}, whose table is that of
 * {@code docs/reliability.md}.
 */
final class Results {
  private final Path folder;
  private final Pace pace;
  private final List<Verdict> verdicts = new ArrayList<>();

  Results(Path folder, Pace pace) {
    this.folder = folder;
    this.pace = pace;
  }

  void add(Verdict verdict) {
    verdicts.add(verdict);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("results.jsonl"), Report.json(verdicts) + "\n");
      Files.writeString(folder.resolve("results.md"), summary() + Report.text(verdicts));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.print(Report.text(List.of(verdict)));
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "Commit %s, seed %d, %.0f messages per second asked for, %,d accepted, %d of %d without a"
            + " violation.\n\n",
        pace.commit(),
        pace.seed(),
        pace.messagesPerSecond(),
        accepted(),
        verdicts.stream().filter(Verdict::ok).count(),
        verdicts.size());
  }

  /** Messages accepted in all scenarios together. */
  long accepted() {
    return verdicts.stream().mapToLong(verdict -> verdict.number("accepted")).sum();
  }
}
