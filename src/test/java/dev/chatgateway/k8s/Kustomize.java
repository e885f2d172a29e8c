package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.chatgateway.testing.Fork;
import dev.chatgateway.testing.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code kubectl kustomize} makes of the overlays, alone and with components. */
final class Kustomize {
  static final YAMLMapper YAML = new YAMLMapper();

  private static final Path K8S = Path.of("k8s").toAbsolutePath();
  private static final Path MADE = Fork.folder("k8s");
  private static final Pattern VERSION = Pattern.compile("Kustomize Version: v(\\d+)\\.");
  // The oldest with "labels" that has includeSelectors.
  private static final int OLDEST = 4;

  // Each component on an overlay that lacks it; keda only where there is an autoscaler to replace.
  private static final Map<String, List<String>> WITH_COMPONENTS = new TreeMap<>(Map.of(
      "production+gateway", List.of("production", "gateway"),
      "production+keda", List.of("production", "keda"),
      "cluster+keda", List.of("cluster", "keda"),
      "dev+ingress+monitoring", List.of("dev", "ingress", "monitoring"),
      "dev+gateway", List.of("dev", "gateway")));

  private static final Map<String, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

  private Kustomize() {}

  /** The names that {@link #render} takes. */
  static List<String> names() {
    return Stream.concat(folders("overlays").stream(), WITH_COMPONENTS.keySet().stream())
        .toList();
  }

  /** The components that none of the names takes in by itself. */
  static List<String> unusedComponents() {
    return folders("components").stream()
        .filter(component -> WITH_COMPONENTS.values().stream()
            .noneMatch(parts -> parts.subList(1, parts.size()).contains(component)))
        .toList();
  }

  /** The objects of that name, the caller's own to change. */
  static Manifests render(String name) {
    List<JsonNode> objects = RENDERED.computeIfAbsent(name, unseen -> objects(folder(unseen)));
    return new Manifests(
        objects.stream().map(object -> (ObjectNode) object.deepCopy()).toList());
  }

  /** What is made of that folder. */
  static List<JsonNode> objects(Path folder) {
    String kubectl = kubectl().toString();
    Command.Result result = Command.run(kubectl, "kustomize", folder.toString());
    if (result.status() != 0) {
      throw new IllegalStateException(folder + " does not render: " + result.output());
    }
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(result.output())) {
      return documents.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that is new enough; where there is none the test is skipped. */
  static Path kubectl() {
    String wanted = "one with kustomize " + OLDEST + " or newer, as of Kubernetes 1.24";
    Path kubectl = Requirement.program("kubectl", "install " + wanted);
    String version = Command.run(kubectl.toString(), "version", "--client").output();
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.find() || Integer.parseInt(matcher.group(1)) < OLDEST) {
      throw Requirement.missing(kubectl + " is not " + wanted + ": " + version, null);
    }
    return kubectl;
  }

  private static Path folder(String name) {
    List<String> parts = WITH_COMPONENTS.get(name);
    if (parts == null) {
      return K8S.resolve("overlays").resolve(name);
    }
    Path folder = MADE.resolve(name);
    StringBuilder text = new StringBuilder("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namespace: %s
        resources:
          - %s
        components:
        """.formatted(
            parts.get(0).equals("dev") ? "chat-gateway-dev" : "chat-gateway",
            folder.relativize(K8S.resolve("overlays").resolve(parts.get(0)))));
    parts.stream()
        .skip(1)
        .map(part -> folder.relativize(K8S.resolve("components").resolve(part)))
        .forEach(path -> text.append("  - ").append(path).append('\n'));
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("kustomization.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static List<String> folders(String under) {
    try (Stream<Path> folders = Files.list(K8S.resolve(under))) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
