package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What pods may do, as Kubernetes's restricted standard has it, and what they get for sure. */
final class Hardening {
  private static final String POD = "/spec/template/spec";

  private Hardening() {}

  static List<String> complaints(Manifests manifests) {
    Complaints complaints = new Complaints();
    for (JsonNode deployment : manifests.ofKind("Deployment")) {
      String id = Manifests.id(deployment);
      pod(complaints, deployment.at(POD), id);
      Manifests.containers(deployment)
          .forEach(container ->
              container(complaints, container, id + " " + container.path("name").asText()));
    }
    manifests
        .ofKind("ServiceAccount")
        .forEach(account -> complaints.unlessIs(
            account, "/automountServiceAccountToken", "false", Manifests.id(account)));
    return complaints.all();
  }

  private static void pod(Complaints complaints, JsonNode pod, String id) {
    complaints.unlessIs(pod, "/securityContext/runAsNonRoot", "true", id);
    complaints.unlessIs(pod, "/securityContext/seccompProfile/type", "\"RuntimeDefault\"", id);
    complaints.unlessIs(pod, "/automountServiceAccountToken", "false", id);
    for (String shared : List.of("/hostNetwork", "/hostPID", "/hostIPC")) {
      complaints.unlessAbsent(pod, shared, id);
    }
    for (JsonNode volume : pod.path("volumes")) {
      complaints.unlessAbsent(volume, "/hostPath", id);
      complaints.unless(
          volume.findValue("serviceAccountToken") == null, id, "serviceAccountToken is mounted");
    }
  }

  private static void container(Complaints complaints, JsonNode container, String id) {
    complaints.unlessIs(container, "/securityContext/allowPrivilegeEscalation", "false", id);
    complaints.unlessIs(container, "/securityContext/readOnlyRootFilesystem", "true", id);
    complaints.unlessIs(container, "/securityContext/capabilities/drop", "[\"ALL\"]", id);
    // What a container says goes before what its pod says.
    for (String loosened : List.of(
        "/securityContext/capabilities/add",
        "/securityContext/privileged",
        "/securityContext/runAsNonRoot",
        "/securityContext/runAsUser",
        "/securityContext/seccompProfile")) {
      complaints.unlessAbsent(container, loosened, id);
    }
    JsonNode memory = container.at("/resources/requests/memory");
    complaints.unless(memory.isTextual(), id, "no memory is requested");
    complaints.unlessIs(container, "/resources/limits/memory", memory.toString(), id);
    complaints.unless(container.at("/resources/requests").has("cpu"), id, "no cpu is requested");
    complaints.unlessAbsent(container, "/resources/limits/cpu", id);
  }
}
