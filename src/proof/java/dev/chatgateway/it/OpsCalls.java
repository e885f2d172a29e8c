package dev.chatgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** What a pod that runs as a process says of all pods. */
final class OpsCalls {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String TOKEN = Tokens.admin("noor").sign();

  private OpsCalls() {}

  /** The answer of that pod to support staff. */
  static JsonNode overview(PodProcess asked) {
    HttpResponse<byte[]> answer = ask(asked, "Bearer " + TOKEN);
    if (answer.statusCode() != 200) {
      throw new AssertionError("it answers " + answer.statusCode());
    }
    return JsonReader.object(answer.body());
  }

  /** The answer to whoever says that of themselves, or nothing where it is null. */
  static HttpResponse<byte[]> ask(PodProcess asked, String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(asked.management("/ops/pods")).timeout(Duration.ofSeconds(10));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The id of that pod. */
  static String id(PodProcess pod) {
    return overview(pod).get("asked").asText();
  }

  /** The ids of the pods in that answer. */
  static Set<String> ids(JsonNode overview) {
    return new TreeSet<>(overview.get("pods").findValuesAsText("pod"));
  }

  /** What that answer says of a pod. */
  static JsonNode pod(JsonNode overview, String id) {
    for (JsonNode pod : overview.get("pods")) {
      if (pod.get("pod").asText().equals(id)) {
        return pod;
      }
    }
    throw new AssertionError(id + " is not in " + overview);
  }
}
