package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Objects that point at others, by labels, names or ports, find them, and no more than them. */
final class References {
  private final Manifests manifests;
  private final Complaints complaints = new Complaints();

  private References(Manifests manifests) {
    this.manifests = manifests;
  }

  static List<String> complaints(Manifests manifests) {
    References references = new References(manifests);
    references.check();
    return references.complaints.all();
  }

  private void check() {
    each("Deployment", "/spec/selector/matchLabels");
    each("Service", "/spec/selector");
    each("PodDisruptionBudget", "/spec/selector/matchLabels");
    each("NetworkPolicy", "/spec/podSelector/matchLabels");
    each("PodMonitor", "/spec/selector/matchLabels");
    for (JsonNode deployment : manifests.ofKind("Deployment")) {
      for (JsonNode spread : deployment.at("/spec/template/spec/topologySpreadConstraints")) {
        selects(deployment, spread.at("/labelSelector/matchLabels"));
      }
    }
    manifests.ofKind("NetworkPolicy").forEach(this::peers);
    manifests.ofKind("Service").forEach(service -> portsOf(service, "/spec/ports", "targetPort"));
    manifests
        .ofKind("PodMonitor")
        .forEach(monitor -> portsOf(monitor, "/spec/podMetricsEndpoints", "port"));
    autoscalers();
    for (String kind : List.of("Ingress", "HTTPRoute")) {
      manifests.ofKind(kind).forEach(this::backends);
    }
  }

  private void each(String kind, String labels) {
    manifests.ofKind(kind).forEach(object -> selects(object, object.at(labels)));
  }

  /** An object and the Deployment it is about have the same name. */
  private void selects(JsonNode owner, JsonNode labels) {
    complaints.unless(!labels.isEmpty(), Manifests.id(owner), "a selector is empty");
    String wanted = "Deployment/" + owner.at("/metadata/name").asText();
    List<String> found = manifests.ofKind("Deployment").stream()
        .filter(deployment -> carries(deployment.at("/spec/template/metadata/labels"), labels))
        .map(Manifests::id)
        .toList();
    complaints.unless(
        found.equals(List.of(wanted)),
        Manifests.id(owner),
        "selects " + found + " by " + labels + ", not " + wanted);
  }

  private static boolean carries(JsonNode labels, JsonNode wanted) {
    return wanted.properties().stream()
        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
  }

  private void peers(JsonNode policy) {
    String id = Manifests.id(policy);
    List<JsonNode> peers = new ArrayList<>();
    for (JsonNode rule : policy.at("/spec/ingress")) {
      complaints.unless(!rule.path("from").isEmpty(), id, "lets everybody in");
      rule.path("from").forEach(peers::add);
      rule.path("ports").forEach(port -> named(policy, port.path("port")));
    }
    policy.at("/spec/egress").forEach(rule -> rule.path("to").forEach(peers::add));
    for (JsonNode peer : peers) {
      for (JsonNode selector : peer) {
        complaints.unless(
            !selector.path("matchLabels").isEmpty(), id, "a peer's selector is empty");
      }
      if (peer.has("podSelector")) {
        selects(policy, peer.at("/podSelector/matchLabels"));
      }
    }
  }

  private void portsOf(JsonNode owner, String ports, String field) {
    owner.at(ports).forEach(port -> named(owner, port.path(field)));
  }

  private void named(JsonNode owner, JsonNode port) {
    String deployment = "Deployment/" + owner.at("/metadata/name").asText();
    complaints.unless(
        Manifests.containers(manifests.the(deployment)).stream()
            .anyMatch(container -> Ports.number(container, port).isPresent()),
        Manifests.id(owner),
        deployment + " has no port " + port);
  }

  private void autoscalers() {
    List<JsonNode> autoscalers = new ArrayList<>(manifests.ofKind("HorizontalPodAutoscaler"));
    autoscalers.addAll(manifests.ofKind("ScaledObject"));
    for (JsonNode autoscaler : autoscalers) {
      String id = Manifests.id(autoscaler);
      String target = autoscaler.at("/spec/scaleTargetRef/name").asText();
      List<String> found = manifests.ofKind("Deployment").stream()
          .map(Manifests::id)
          .filter(("Deployment/" + target)::equals)
          .toList();
      complaints.unless(!found.isEmpty(), id, "scales " + target + ", which is not there");
      // KEDA's may leave it out.
      String kind = autoscaler.at("/spec/scaleTargetRef/kind").asText("Deployment");
      complaints.unless(List.of("", "Deployment").contains(kind), id, "scales a " + kind);
      found.forEach(deployment ->
          complaints.unlessAbsent(manifests.the(deployment), "/spec/replicas", deployment));
    }
    complaints.unless(autoscalers.size() <= 1, Manifests.GATEWAY, "several autoscalers");
  }

  private void backends(JsonNode route) {
    List<JsonNode> backends = new ArrayList<>(route.findValues("service"));
    route.findValues("backendRefs").forEach(references -> references.forEach(backends::add));
    complaints.unless(!backends.isEmpty(), Manifests.id(route), "leads nowhere");
    for (JsonNode backend : backends) {
      JsonNode port = backend.path("port");
      JsonNode wanted = port.isObject() ? port.elements().next() : port;
      boolean found = manifests.ofKind("Service").stream()
          .filter(service -> service.at("/metadata/name").equals(backend.path("name")))
          .flatMap(service -> service.at("/spec/ports").valueStream())
          .anyMatch(
              known -> known.path("name").equals(wanted) || known.path("port").equals(wanted));
      complaints.unless(found, Manifests.id(route), "leads to " + backend + ", which is not there");
    }
  }
}
