package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.check.Report;
import dev.chatgateway.chaos.check.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The verdicts of this run: {@code results.jsonl}, and a table in {@code results.md}. */
final class Results {
  private final Path folder;
  private final List<Verdict> verdicts = new ArrayList<>();

  Results(Path folder) {
    this.folder = folder;
  }

  void add(Verdict verdict) {
    verdicts.add(verdict);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("results.jsonl"), Report.json(verdicts) + "\n");
      Files.writeString(folder.resolve("results.md"), Report.text(verdicts));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.print(Report.text(List.of(verdict)));
  }

  /** Messages accepted in all scenarios together. */
  long accepted() {
    return verdicts.stream().mapToLong(verdict -> verdict.number("accepted")).sum();
  }
}
