package dev.chatgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests have to be beyond being valid, and that each of these checks can fail. */
class PolicyTest {
  private static final List<Function<Manifests, List<String>>> POLICIES = List.of(
      Hardening::complaints,
      Lifecycle::complaints,
      References::complaints,
      Variables::complaints,
      Exposure::complaints);

  static List<String> names() {
    return Kustomize.names();
  }

  private static Stream<String> complaints(Manifests manifests) {
    return POLICIES.stream().flatMap(policy -> policy.apply(manifests).stream());
  }

  @ParameterizedTest
  @MethodSource("names")
  void thereIsNothingToComplainAbout(String name) {
    assertThat(complaints(Kustomize.render(name))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      /securityContext/runAsNonRoot | false | runAsNonRoot
      /securityContext/runAsNonRoot | null | runAsNonRoot
      /securityContext/seccompProfile/type | Unconfined | seccompProfile
      /automountServiceAccountToken | true | automountServiceAccountToken
      /hostNetwork | true | hostNetwork
      /volumes/0 | {hostPath: {path: /}} | hostPath
      /volumes/0 | {projected: {sources: [{serviceAccountToken: {path: t}}]}} | serviceAccountToken
      /containers/0/securityContext/allowPrivilegeEscalation | true | allowPrivilegeEscalation
      /containers/0/securityContext/readOnlyRootFilesystem | false | readOnlyRootFilesystem
      /containers/0/securityContext/capabilities/drop | [NET_RAW] | capabilities/drop
      /containers/0/securityContext/capabilities/add | [NET_ADMIN] | capabilities/add
      /containers/0/securityContext/privileged | true | privileged
      /containers/0/securityContext/runAsNonRoot | false | runAsNonRoot
      /containers/0/securityContext/runAsUser | 0 | runAsUser
      /containers/0/securityContext/seccompProfile | {type: Unconfined} | seccompProfile
      /containers/0/resources/requests/memory | 512Mi | limits/memory
      /containers/0/resources/limits/memory | null | limits/memory
      /containers/0/resources/requests/memory | null | no memory is requested
      /containers/0/resources/requests/cpu | null | no cpu is requested
      /containers/0/resources/limits/cpu | 1 | limits/cpu
      /containers/0/image | registry.example.com/chat-gateway:1.0 | is not pinned by a digest
      /containers/0/image | chat-gateway@sha256:0123 | is not pinned by a digest
      /containers/0/livenessProbe | null | livenessProbe
      /containers/0/startupProbe/httpGet/path | /q/metrics | startupProbe
      /containers/0/livenessProbe/httpGet/path | /q/health | livenessProbe
      /containers/0/readinessProbe/httpGet/port | http | asks port 8080
      /containers/0/readinessProbe/httpGet/port | gone | asks port unknown
      /containers/0/readinessProbe/exec | {command: [redis-cli, ping]} | /exec
      /containers/0/livenessProbe/tcpSocket | {port: 6379} | /tcpSocket
      /containers/0/lifecycle/preStop/sleep/seconds | 0 | preStop does not wait
      /containers/0/lifecycle/preStop/sleep/seconds | 40 | preStop and drain take PT1M7S
      /terminationGracePeriodSeconds | 31 | is 31, preStop and drain take PT32S
      /containers/0/env/0/name | POD_PI | there is no variable POD_IP
      /containers/0/env/1/name | CHAT_PEER_ADDRESS | CHAT_PEER_ADDRESS is no property
      /containers/0/env/2/name | QUARKUS_REDIS_HOST | QUARKUS_REDIS_HOST is no property
      /containers/0/env/2/name | QUARKUS_REDIS_HEALTH_ENABLED | probes would touch Redis
      /containers/0/volumeMounts | [] | nothing is mounted
      /topologySpreadConstraints/0/labelSelector | {} | a selector is empty
      """)
  void aPodThatBreaksAPolicyIsSeen(String pointer, String value, String complaint)
      throws Exception {
    broken("production", Manifests.GATEWAY, "/spec/template/spec" + pointer, value, complaint);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      ServiceAccount | /automountServiceAccountToken | true | automountServiceAccountToken
      Deployment | /spec/strategy/rollingUpdate/maxUnavailable | 1 | maxUnavailable
      Deployment | /spec/strategy/rollingUpdate/maxUnavailable | null | maxUnavailable
      Deployment | /spec/strategy/type | Recreate | strategy/type
      Deployment | /spec/replicas | 3 | /spec/replicas
      Deployment | /spec/selector/matchLabels | {app: other} | selects []
      Service | /spec/selector | {app: other} | selects []
      Service | /spec/selector | {} | a selector is empty
      Service | /spec/selector | null | a selector is empty
      Service | /spec/ports/0/targetPort | web | has no port
      PodDisruptionBudget | /spec/selector/matchLabels | {app: other} | selects []
      PodDisruptionBudget | /spec/selector | {} | a selector is empty
      NetworkPolicy | /spec/podSelector | {} | a selector is empty
      NetworkPolicy | /spec/podSelector/matchLabels | {app: other} | selects []
      NetworkPolicy | /spec/ingress/0/from/0/namespaceSelector | {} | a peer's selector is empty
      NetworkPolicy | /spec/ingress/0/from | null | lets everybody in
      NetworkPolicy | /spec/ingress/1/ports/0/port | admin | has no port
      NetworkPolicy | /spec/egress/1/to/0/podSelector/matchLabels | {app: other} | selects []
      PodMonitor | /spec/selector | {} | a selector is empty
      PodMonitor | /spec/podMetricsEndpoints/0/port | admin | has no port
      HorizontalPodAutoscaler | /spec/scaleTargetRef/name | other | scales other
      HorizontalPodAutoscaler | /spec/scaleTargetRef/kind | StatefulSet | scales a StatefulSet
      Ingress | /metadata/annotations/nginx.ingress.kubernetes.io~1limit-connections | null | no limit-
      Ingress | /metadata/annotations/nginx.ingress.kubernetes.io~1limit-rps | "0" | no limit-rps
      Ingress | /spec/rules/0/http/paths/1/backend/service/port/name | web | leads to
      """)
  void anObjectThatBreaksAPolicyIsSeen(String kind, String pointer, String value, String complaint)
      throws Exception {
    broken("production", kind + "/chat-gateway", pointer, value, complaint);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      dev | Deployment/redis | /spec/template/spec/automountServiceAccountToken | true | /automount
      dev | Service/redis | /spec/selector | {app.kubernetes.io/name: chat-gateway} | not Dep
      production+keda | ScaledObject/chat-gateway | /spec/scaleTargetRef/name | other | scales other
      production+gateway | HTTPRoute/chat-gateway | /spec/rules/0/backendRefs/0/port | 81 | leads to
      production+gateway | HTTPRoute/chat-gateway | /spec/rules | [] | leads nowhere
      """)
  void anObjectOfAnotherOverlayThatBreaksAPolicyIsSeen(
      String name, String id, String pointer, String value, String complaint) throws Exception {
    broken(name, id, pointer, value, complaint);
  }

  private static void broken(String name, String id, String pointer, String value, String complaint)
      throws Exception {
    Manifests broken = Kustomize.render(name);
    broken.set(id, pointer, Kustomize.YAML.readTree(value));

    assertThat(complaints(broken))
        .anySatisfy(seen -> assertThat(seen).startsWith(id).contains(complaint));
  }

  @Test
  void aSecondAutoscalerIsSeen() {
    List<ObjectNode> both = new ArrayList<>(Kustomize.render("production").objects());
    both.add(Kustomize.render("production+keda").the("ScaledObject/chat-gateway"));

    assertThat(complaints(new Manifests(both)))
        .anySatisfy(seen -> assertThat(seen).contains("several autoscalers"));
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT_LIMIT_CONNECTIONS, 1, CHAT_LIMIT_CONNECTIONS is no property",
    "QUARKUS_VERTX_EVENT_LOOP_POOL_SIZE, 1, QUARKUS_VERTX_EVENT_LOOP_POOL_SIZE is no property",
    "CHAT_DRAIN_TIMEOUT, 60s, preStop and drain take PT1M27S",
    "QUARKUS_REDIS_HEALTH_ENABLED, true, probes would touch Redis"
  })
  void aVariableThatBreaksAPolicyIsSeen(String variable, String value, String complaint) {
    Manifests broken = Kustomize.render("production");
    broken.objects().stream()
        .filter(object -> object.path("kind").asText().equals("ConfigMap"))
        .forEach(map -> map.withObject("/data").put(variable, value));

    assertThat(complaints(broken)).anySatisfy(seen -> assertThat(seen).contains(complaint));
  }
}
