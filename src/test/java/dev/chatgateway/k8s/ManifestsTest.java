package dev.chatgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests render, and the API knows every field of theirs. */
class ManifestsTest {
  /** Kinds of which no model is at hand: nothing checks their fields. */
  private static final Set<String> UNCHECKED = Set.of("keda.sh/v1alpha1 ScaledObject");

  static List<String> names() {
    return Kustomize.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyFieldIsOneTheApiKnows(String name) {
    assertThat(Kustomize.render(name).objects()).isNotEmpty().allSatisfy(object -> {
      String kind =
          object.path("apiVersion").asText() + " " + object.path("kind").asText();
      if (!UNCHECKED.contains(kind)) {
        assertThat(StrictModel.knows(object)).as("there is a model of %s", kind).isTrue();
        assertThat(StrictModel.complaint(object)).isEmpty();
      }
    });
  }

  @Test
  void nothingIsUncheckedThatHasAModel() {
    assertThat(Kustomize.names().stream()
            .flatMap(name -> Kustomize.render(name).objects().stream())
            .filter(object -> !StrictModel.knows(object))
            .map(ManifestsTest::kind)
            .distinct())
        .containsExactlyInAnyOrderElementsOf(UNCHECKED);
  }

  private static String kind(JsonNode object) {
    return object.path("apiVersion").asText() + " " + object.path("kind").asText();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyObjectIsThereOnceAndInTheOverlaysNamespace(String name) {
    String namespace = name.startsWith("dev") ? "chat-gateway-dev" : "chat-gateway";
    assertThat(Kustomize.render(name).objects())
        .allSatisfy(
            object -> assertThat(object.at("/metadata/namespace").asText()).isEqualTo(namespace))
        .extracting(Manifests::id)
        .doesNotHaveDuplicates()
        .contains(Manifests.GATEWAY);
  }

  @Test
  void everyComponentIsRendered() {
    assertThat(Kustomize.unusedComponents()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      Deployment/chat-gateway     | /spec/template/spec/containers/0/readynessProbe | {}
      Deployment/chat-gateway     | /spec/minReadySecond                            | 20
      Deployment/chat-gateway     | /spec/minReadySeconds                           | "20"
      Deployment/chat-gateway     | /spec/template/spec/enableServiceLinks          | "false"
      Deployment/chat-gateway     | /metadata/labels/version                        | 1
      Service/chat-gateway        | /spec/ports/0/target                            | http
      PodMonitor/chat-gateway     | /spec/podMetricsEndpoints/0/intervall           | 15s
      PrometheusRule/chat-gateway | /spec/groups/0/rules/0/labels/urgent            | true
      Ingress/chat-gateway        | /spec/rules/0/http/paths/0/backend/serviceName  | x
      NetworkPolicy/chat-gateway  | /spec/ingress/0/form                            | []
      """)
  void aFieldTheApiDoesNotKnowIsSeen(String id, String pointer, String value) throws Exception {
    Manifests broken = Kustomize.render("production");
    broken.set(id, pointer, Kustomize.YAML.readTree(value));

    String field = pointer.substring(pointer.lastIndexOf('/') + 1);
    assertThat(StrictModel.complaint(broken.the(id)))
        .hasValueSatisfying(complaint -> assertThat(complaint).contains(field));
  }

  @Test
  void aFolderThatDoesNotRenderIsSeen(@TempDir Path folder) throws Exception {
    Kustomize.kubectl();
    Files.writeString(folder.resolve("kustomization.yaml"), "resources: [missing.yaml]\n");

    assertThatThrownBy(() -> Kustomize.objects(folder)).hasMessageContaining("missing.yaml");
  }
}
