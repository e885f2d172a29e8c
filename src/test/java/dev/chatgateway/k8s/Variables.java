package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The gateway's environment: every variable is a property that the documents name. */
final class Variables {
  private static final List<Path> DOCUMENTS =
      List.of(Path.of("docs", "configuration.md"), Path.of("docs", "redis.md"));
  private static final Pattern VARIABLE = Pattern.compile("`([A-Z][A-Z0-9_]+)`");
  private static final Pattern PROPERTY =
      Pattern.compile("\\b(?:chat|quarkus|mp)(?:\\.[a-z0-9-]+)+");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

  private Variables() {}

  static List<String> complaints(Manifests manifests) {
    Complaints complaints = new Complaints();
    Map<String, String> variables = manifests.variables();
    Set<String> documented = documented();
    Set<String> referred = variables.values().stream()
        .filter(value -> value != null)
        .flatMap(value -> REFERENCE.matcher(value).results())
        .map(reference -> reference.group(1))
        .collect(Collectors.toSet());
    for (String name : variables.keySet()) {
      complaints.unless(
          documented.contains(name) || referred.contains(name),
          Manifests.GATEWAY,
          name + " is no property that the documents name");
    }
    for (String name : referred) {
      complaints.unless(
          variables.containsKey(name), Manifests.GATEWAY, "there is no variable " + name);
    }
    files(complaints, manifests.gateway(), variables);
    return complaints.all();
  }

  /** Files that variables name have to be mounted. */
  private static void files(
      Complaints complaints, JsonNode deployment, Map<String, String> variables) {
    List<String> mounts = Manifests.containers(deployment).stream()
        .flatMap(container -> container.path("volumeMounts").valueStream())
        .map(mount -> mount.path("mountPath").asText() + "/")
        .toList();
    variables.forEach((name, value) -> complaints.unless(
        value == null || !value.startsWith("/") || mounts.stream().anyMatch(value::startsWith),
        Manifests.GATEWAY,
        name + " is a file where nothing is mounted: " + value));
  }

  private static Set<String> documented() {
    Set<String> names = new TreeSet<>();
    for (Path document : DOCUMENTS) {
      String text = read(document);
      VARIABLE.matcher(text).results().map(match -> match.group(1)).forEach(names::add);
      PROPERTY
          .matcher(text)
          .results()
          .map(MatchResult::group)
          .map(property -> property.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
          .forEach(names::add);
    }
    return names;
  }

  private static String read(Path document) {
    try {
      return Files.readString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
