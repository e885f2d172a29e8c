package dev.chatgateway.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The meters of the gateway, and the metrics that Prometheus makes of them. */
final class Meters {
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:chat|http|jvm|netty|process)_[a-z0-9_]+");
  private static final Pattern METER =
      Pattern.compile("(?:builder|gauge)\\(\\s*(?:registry,\\s*)?\"(chat\\.[a-z.]+)\"");
  private static final Pattern SUFFIX =
      Pattern.compile("(_seconds)?(_total|_bucket|_count|_sum|_max)?$");

  private Meters() {}

  /** The metrics that expressions name. */
  static Set<String> namedIn(Collection<String> expressions) {
    return expressions.stream()
        .flatMap(expression -> METRIC.matcher(expression).results())
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a metric that begins with {@code chat_} is of a meter in the sources. */
  static boolean isOurs(String metric) {
    try {
      return ours().contains(SUFFIX.matcher(metric).replaceFirst(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> ours() throws IOException {
    Set<String> meters = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        METER
            .matcher(Files.readString(file))
            .results()
            .map(match -> match.group(1).replace('.', '_'))
            .forEach(meters::add);
      }
    }
    return meters;
  }
}
