package dev.chatgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import dev.chatgateway.testing.TwoPods;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** A little of everything that a dashboard should show, between clients of two pods. */
final class MeasuredTraffic implements AutoCloseable {
  private static final String TICKET = "101";
  private static final int MANY = 400;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String keyPrefix = RedisResource.newKeyPrefix();
  private final String[] settings = {
    "chat.redis.key-prefix", keyPrefix,
    "chat.limits.outbound-queue", "64K",
    "chat.limits.messages.per-second", "1000",
    "chat.limits.messages.burst", "2000",
    "chat.limits.user-messages.per-second", "1000",
    "chat.limits.user-messages.burst", "2000",
    "chat.limits.typing.per-second", "1000",
    "chat.limits.typing.burst", "2000",
    "chat.limits.frames.per-second", "1000",
    "chat.limits.frames.burst", "2000",
    "chat.redis.write-interval", "0"
  };
  final PodProcess first;
  final PodProcess second;
  private ChatClient ana;
  private Client noor;

  MeasuredTraffic() {
    first = PodProcess.start(settings);
    second = PodProcess.start(settings);
  }

  /** Talk over both doors, a refusal, and {@link #calls}. */
  void talk() throws Exception {
    ana = connect("ana");
    ana.join(TICKET);
    noor = SocketIoClient.connect(second.http(""), Tokens.admin("noor").sign());
    noor.awaitEvent("chat_authenticated");
    noor.join(TICKET);
    ana.say(TICKET, "hello");
    noor.awaitEvent("new_message");
    noor.say(TICKET, "and welcome");
    ana.awaitEvent("new_message", message -> text(message).equals("and welcome"));
    ana.refused("join_ticket_chat", Map.of("ticket_id", "of-another"));
    calls("reply-1");
    try (ChatClient bad = connect("bad")) {
      bad.sendBinary(new byte[] {1});
      assertThat(bad.awaitClose().code()).isEqualTo(1003);
    }
  }

  /** The ticket system publishes a message and repeats that; somebody else may not. */
  void calls(String id) throws Exception {
    assertThat(publish(Tokens.service().sign(), id)).isEqualTo(201);
    assertThat(publish(Tokens.service().sign(), id)).isEqualTo(200);
    assertThat(publish(Tokens.user("ana").sign(), id)).isEqualTo(403);
    ana.awaitEvent("new_message", message -> message.get("id").asText().equals(id));
  }

  /** Somebody comes back and is served what was said meanwhile. */
  void resume() {
    JsonNode joined;
    try (ChatClient ben = connect("ben")) {
      joined = ben.join(TICKET);
    }
    ana.say(TICKET, "while ben is away");
    try (ChatClient ben = connect("ben")) {
      JsonNode again = ben.ok(
          "join_ticket_chat",
          Map.of("ticket_id", TICKET, "epoch", joined.get("epoch"), "last_seq", joined.get("seq")));
      assertThat(again.get("recovered").asBoolean()).isTrue();
      assertThat(again.get("messages")).isNotEmpty();
    }
  }

  /** Pub/sub loses a message, which the pods read from the store when the next one comes. */
  void gap() {
    TwoPods.sendUnheard(keyPrefix, TICKET);
    ana.say(TICKET, "after the gap");
    noor.awaitEvent("new_message", message -> text(message).equals("unheard"));
    noor.awaitEvent("new_message", message -> text(message).equals("after the gap"));
  }

  /** Somebody reads nothing, is given no typing, and is closed. */
  void slowReader() {
    String bearer =
        "Authorization: Bearer " + Tokens.user("slow").tickets(TICKET).sign();
    try (RawSocket slow = RawSocket.open(first.http("/chat"), 4_096, new byte[0], bearer)) {
      slow.readText("chat_authenticated");
      slow.write(
          RawSocket.text("{\"event\":\"join_ticket_chat\",\"ref\":1,\"data\":{\"ticket_id\":\""
              + TICKET + "\"}}"));
      slow.readText("\"ref\":1");
      String lengthy = "€".repeat(4_500);
      Map<String, String> ticket = Map.of("ticket_id", TICKET);
      // The kernel's buffers come before the gateway's queue.
      for (int i = 0; i < MANY && noor.events("user_left").stream().noneMatch(this::isSlow); i++) {
        noor.ok("typing_start", ticket);
        noor.ok("send_message", Map.of("ticket_id", TICKET, "text", lengthy));
        String seq = Integer.toString(i);
        noor.say(TICKET, seq);
        // In step, or on a busy machine ana would be too slow as well.
        ana.awaitEvent("new_message", message -> text(message).equals(seq));
      }
      noor.awaitEvent("user_left", this::isSlow);
    }
  }

  /** Redis stops to answer, until that is done. */
  void outage(Runnable meanwhile) {
    TestRedis.pause();
    try {
      ana.awaitEvent("degraded");
      ana.refused("send_message", Map.of("ticket_id", TICKET, "text", "into the void"));
      meanwhile.run();
    } finally {
      TestRedis.resume();
    }
    ana.awaitEvent("restored");
  }

  private boolean isSlow(JsonNode left) {
    return left.get("user_id").asText().equals("slow");
  }

  private ChatClient connect(String user) {
    ChatClient client = ChatClient.to(first.http("/chat"))
        .bearer(Tokens.user(user).tickets(TICKET).sign())
        .connect();
    client.awaitEvent("chat_authenticated");
    return client;
  }

  private int publish(String token, String id) throws IOException, InterruptedException {
    HttpRequest call = HttpRequest.newBuilder(second.http("/api/tickets/" + TICKET + "/messages"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(
            "{\"id\":\"" + id + "\",\"user_id\":\"7\",\"text\":\"by HTTP\"}"))
        .build();
    return HTTP.send(call, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static String text(JsonNode message) {
    return message.get("text").asText();
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
