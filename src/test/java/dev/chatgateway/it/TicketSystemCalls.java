package dev.chatgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The ticket system's HTTP calls to a pod that runs as a process. */
final class TicketSystemCalls {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final PodProcess pod;
  private final String token = Tokens.service().sign();

  TicketSystemCalls(PodProcess pod) {
    this.pod = pod;
  }

  /**
   * An answer.
   *
   * @param body null where there was none
   */
  record Answer(int status, JsonNode body) {}

  /**
   * Makes a call.
   *
   * @param body anything Jackson makes an object of; null for none
   * @throws UncheckedIOException where the pod doesn't answer
   */
  Answer call(String method, String path, Object body, String... headers) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(pod.http(path))
          .timeout(Duration.ofSeconds(10))
          .header("Authorization", "Bearer " + token)
          .method(
              method,
              body == null
                  ? HttpRequest.BodyPublishers.noBody()
                  : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
      if (body != null) {
        request.header("Content-Type", "application/json");
      }
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      HttpResponse<String> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(), response.body().isEmpty() ? null : JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes a call that must be granted. */
  JsonNode ok(String method, String path, Object body) {
    Answer answer = call(method, path, body);
    if (answer.status() / 100 != 2) {
      throw new AssertionError(method + " " + path + ": " + answer);
    }
    return answer.body();
  }

  Answer publish(String ticketId, String key, String userId, String text) {
    return call(
        "POST",
        "/api/tickets/" + ticketId + "/messages",
        Map.of("user_id", userId, "text", text),
        "Idempotency-Key",
        key);
  }

  /** All messages that are kept of a ticket, oldest first. */
  List<JsonNode> history(String ticketId) {
    List<JsonNode> all = new ArrayList<>();
    long after = 0;
    while (true) {
      JsonNode page =
          ok("GET", "/api/tickets/" + ticketId + "/messages?limit=100&after_seq=" + after, null);
      page.get("messages").forEach(all::add);
      if (!page.get("more").asBoolean()) {
        return all;
      }
      after = all.get(all.size() - 1).get("seq").asLong();
    }
  }

  /** The ids of who is in a ticket's room. */
  Set<String> participants(String ticketId) {
    JsonNode answer = ok("GET", "/api/tickets/" + ticketId + "/participants", null);
    Set<String> users = new TreeSet<>();
    answer.get("participants").forEach(one -> users.add(one.get("user_id").asText()));
    if (users.size() != answer.get("participants_count").asInt()) {
      throw new AssertionError("participants_count is another: " + answer);
    }
    return users;
  }

  /** How many connections a user has. */
  int connections(String userId) {
    JsonNode answer = ok("GET", "/api/users/" + userId + "/presence", null);
    int connections = answer.get("connections").asInt();
    if (answer.get("connected").asBoolean() != connections > 0) {
      throw new AssertionError("connected is wrong: " + answer);
    }
    return connections;
  }

  /** How many type in a ticket. */
  int typists(String ticketId) {
    return ok("GET", "/api/tickets/" + ticketId + "/typing", null).get("users").size();
  }

  String status(String ticketId, String messageId) {
    return ok("GET", "/api/tickets/" + ticketId + "/messages/" + messageId + "/status", null)
        .get("status")
        .asText();
  }
}
