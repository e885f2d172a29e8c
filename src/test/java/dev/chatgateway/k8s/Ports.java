package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.Stream;

/** The ports of a container. */
final class Ports {
  private Ports() {}

  /** The number of a port that is given by name or number, if the container has it. */
  static Optional<String> number(JsonNode container, JsonNode port) {
    return container
        .path("ports")
        .valueStream()
        .filter(known -> Stream.of("containerPort", "name")
            .anyMatch(field -> known.path(field).asText().equals(port.asText())))
        .map(known -> known.path("containerPort").asText())
        .findFirst();
  }
}
