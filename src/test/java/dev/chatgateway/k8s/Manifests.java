package dev.chatgateway.k8s;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The objects that are applied together. */
record Manifests(List<ObjectNode> objects) {
  static final String GATEWAY = "Deployment/chat-gateway";

  /** Kind and name, as in {@code Deployment/chat-gateway}. */
  static String id(JsonNode object) {
    return object.path("kind").asText() + "/" + object.at("/metadata/name").asText();
  }

  List<ObjectNode> ofKind(String kind) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .toList();
  }

  /** The one of that {@link #id}. */
  ObjectNode the(String id) {
    return objects.stream()
        .filter(object -> id(object).equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + id));
  }

  ObjectNode gateway() {
    return the(GATEWAY);
  }

  /** The containers of a Deployment, those that run before the others too. */
  static List<JsonNode> containers(JsonNode deployment) {
    List<JsonNode> containers = new ArrayList<>();
    JsonNode pod = deployment.at("/spec/template/spec");
    pod.path("initContainers").forEach(containers::add);
    pod.path("containers").forEach(containers::add);
    return containers;
  }

  /** The variables of the gateway whose values are in the manifests; null where they are not. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (JsonNode container : containers(gateway())) {
      for (JsonNode source : container.path("envFrom")) {
        String name = source.at("/configMapRef/name").asText();
        the("ConfigMap/" + name)
            .path("data")
            .properties()
            .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText()));
      }
      container
          .path("env")
          .forEach(
              env -> variables.put(env.path("name").asText(), env.path("value").textValue()));
    }
    return variables;
  }

  /** Breaks an object: what is at that place becomes that value, or goes where there is none. */
  void set(String id, String pointer, JsonNode value) {
    JsonPointer place = JsonPointer.compile(pointer);
    JsonNode parent = the(id).at(place.head());
    if (parent instanceof ArrayNode array) {
      array.set(place.last().getMatchingIndex(), value);
    } else if (parent instanceof ObjectNode object) {
      String field = place.last().getMatchingProperty();
      if (value.isNull()) {
        object.remove(field);
      } else {
        object.set(field, value);
      }
    } else {
      throw new AssertionError(id + " has nothing at " + place.head());
    }
  }
}
