package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;

/** What strangers and registries may do: which images run, and how much one address may ask for. */
final class Exposure {
  private static final Pattern PINNED = Pattern.compile("\\S+@sha256:[0-9a-f]{64}");
  private static final String ANNOTATION = "nginx.ingress.kubernetes.io/";
  private static final List<String> LIMITS =
      List.of("limit-connections", "limit-rps", "limit-burst-multiplier");

  private Exposure() {}

  static List<String> complaints(Manifests manifests) {
    Complaints complaints = new Complaints();
    manifests.ofKind("Deployment").forEach(deployment -> images(complaints, deployment));
    manifests.ofKind("Ingress").forEach(ingress -> limits(complaints, ingress));
    return complaints.all();
  }

  /** An image of production is named by its digest; a tag may be another image tomorrow. */
  private static void images(Complaints complaints, JsonNode deployment) {
    if (deployment.at("/metadata/namespace").asText().endsWith("-dev")) {
      return;
    }
    for (JsonNode container : Manifests.containers(deployment)) {
      String image = container.path("image").asText();
      complaints.unless(
          PINNED.matcher(image).matches(),
          Manifests.id(deployment),
          image + " is not pinned by a digest");
    }
  }

  private static void limits(Complaints complaints, JsonNode ingress) {
    for (String limit : LIMITS) {
      String value =
          ingress.path("metadata").path("annotations").path(ANNOTATION + limit).asText();
      complaints.unless(
          value.matches("[1-9]\\d*"), Manifests.id(ingress), "no " + limit + " for an address");
    }
  }
}
