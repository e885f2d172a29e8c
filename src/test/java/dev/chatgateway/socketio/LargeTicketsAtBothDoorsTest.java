package dev.chatgateway.socketio;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.ReadmeClient;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import dev.chatgateway.testing.TwoPods;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tickets with large messages, and joins by the hundred, through each door. */
@QuarkusTest
class LargeTicketsAtBothDoorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  enum Way {
    WEBSOCKET,
    SOCKET_IO
  }

  @TestHTTPResource("/")
  URI gateway;

  private final int ticket = TwoPods.newTicket();

  private Client connect(Way way) {
    Client client =
        way == Way.WEBSOCKET ? ChatClient.connect(gateway) : SocketIoClient.connect(gateway);
    client.authenticate(Tokens.admin("noor-" + ticket).sign());
    return client;
  }

  private void fill(int messages, String text) {
    for (int i = 0; i < messages; i++) {
      given()
          .auth()
          .oauth2(Tokens.service().sign())
          .contentType(ContentType.JSON)
          .body(Map.of("user_id", "bot", "text", text))
          .post("/api/tickets/" + ticket + "/messages")
          .then()
          .statusCode(201);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aTicketOfLargeMessagesCanBeJoinedAndRead(Way way) {
    fill(100, "€".repeat(4_700));
    try (Client noor = connect(way)) {
      JsonNode joined = noor.join(ticket);
      assertThat(joined.get("seq").asInt()).isEqualTo(100);
      List<Long> seen = new ArrayList<>();
      JsonNode page;
      do {
        long after = seen.isEmpty() ? 0 : seen.get(seen.size() - 1);
        page =
            noor.ok("get_messages", Map.of("ticket_id", ticket, "after_seq", after, "limit", 100));
        page.get("messages").forEach(message -> seen.add(message.get("seq").asLong()));
      } while (page.get("more").asBoolean());
      assertThat(seen).isEqualTo(TwoPods.range(1, 100));

      String epoch = joined.get("epoch").asText();
      JsonNode again =
          noor.ok("join_ticket_chat", Map.of("ticket_id", ticket, "epoch", epoch, "last_seq", 0));
      assertThat(again.get("more").asBoolean()).isTrue();
      noor.awaitEvent("new_message", message -> message.get("seq").asInt() == 100);
      assertThat(TwoPods.seqs(noor, ticket))
          .isEqualTo(TwoPods.range(again.get("seq").asLong() + 1, 100));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theClientOfTheReadmeLosesNothingWhereTheLineDropsAmidAResume(Way way) {
    ReadmeClient client = new ReadmeClient(ticket);
    try (Client first = connect(way)) {
      client.join(first);
    }
    fill(190, "x".repeat(3_000));
    int lines = 0;
    while (client.shown().size() < 190 && lines < 20) {
      lines++;
      Client line = connect(way);
      JsonNode joined = client.join(line);
      long rest = joined.get("newest_seq").asLong() - joined.get("seq").asLong();
      for (int i = 0; i < Math.min(5, rest); i++) {
        line.awaitEvent("new_message");
      }
      line.abort();
      client.hear(line);
    }
    assertThat(client.shown()).isEqualTo(TwoPods.range(1, 190));
    assertThat(client.cleared()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void twoHundredJoinsAtOnceAllGetIn(Way way) {
    try (Client noor = connect(way)) {
      List<Long> joins = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        joins.add(noor.ask("join_ticket_chat", Map.of("ticket_id", ticket + "-" + i)));
      }
      for (long join : joins) {
        JsonNode reply = noor.awaitReply(join, Client.PATIENCE);
        assertThat(reply.get("ok").asBoolean()).as(reply.toString()).isTrue();
      }
      JsonNode error = noor.refused("join_ticket_chat", Map.of("ticket_id", "another"));
      assertThat(error.get("code").asText()).isEqualTo("too_large");
    }
  }

  @Test
  void twoHundredJoinsByPollingAllGetIn() throws Exception {
    String token = Tokens.admin("noor-" + ticket).sign();
    String sid = JSON.readTree(get("").substring(1)).get("sid").asText();
    post(sid, "40{\"token\":\"" + token + "\"}");
    Map<Integer, JsonNode> acks = new HashMap<>();
    while (!poll(sid, acks).contains("chat_authenticated")) {}

    // As a client that knows how much a body may have: in parts.
    for (int part = 0; part < 200; part += 100) {
      post(
          sid,
          IntStream.range(part, part + 100)
              .mapToObj(i ->
                  "42" + i + "[\"join_ticket_chat\",{\"ticket_id\":\"" + ticket + "-" + i + "\"}]")
              .collect(Collectors.joining("\u001e")));
    }
    while (acks.size() < 200) {
      poll(sid, acks);
    }
    assertThat(acks.values()).allMatch(ack -> ack.get("ok").asBoolean());
  }

  private String poll(String sid, Map<Integer, JsonNode> acks) throws Exception {
    String payload = get("&sid=" + sid);
    for (String packet : payload.split("\u001e")) {
      if (packet.startsWith("43")) {
        int end = packet.indexOf('[');
        JsonNode ack = JSON.readTree(packet.substring(end)).get(0);
        acks.put(Integer.parseInt(packet.substring(2, end)), ack);
      } else if (packet.equals("2")) {
        post(sid, "3");
      } else {
        assertThat(packet).isNotEqualTo("1");
      }
    }
    return payload;
  }

  private String get(String query) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(query)).build());
  }

  private void post(String sid, String payload) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri("&sid=" + sid))
        .POST(BodyPublishers.ofString(payload))
        .build();
    assertThat(send(request)).isEqualTo("ok");
  }

  private URI uri(String query) {
    return gateway.resolve("/socket.io/?EIO=4&transport=polling" + query);
  }

  private static String send(HttpRequest request) throws IOException, InterruptedException {
    return HTTP.send(request, BodyHandlers.ofString()).body();
  }
}
