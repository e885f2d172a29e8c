package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisException;

/** Whoever has no right to a ticket can't tell one that exists from one that doesn't. */
class TicketProbesIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SERVICE = Tokens.service().sign();
  /** One of each kind; only the last has never been. */
  private static final List<String> TICKETS =
      List.of("probe-open", "probe-closed", "probe-removed", "probe-forgotten", "probe-never");

  private static AbusedPod pod;

  @BeforeAll
  static void start() {
    pod = AbusedPod.start("chat.limits.frames.burst", "10000", "chat.limits.joins.burst", "10000");
    for (String ticket : TICKETS.subList(0, 4)) {
      call("POST", ticket + "/messages", "{\"id\":\"known-1\",\"user_id\":\"bot\",\"text\":\"x\"}");
    }
    call("PUT", "probe-closed", "{\"closed\":true}");
    call("DELETE", "probe-removed/participants/eve", null);
    call("DELETE", "probe-forgotten", null);
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  private static void call(String method, String path, String body) {
    HttpResponse<String> response = send(method, path, body, SERVICE);
    assertThat(response.statusCode()).as(method + " " + path).isBetween(200, 299);
  }

  private static HttpResponse<String> send(String method, String path, String body, String token) {
    HttpRequest.BodyPublisher publisher = body == null
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(body);
    URI uri = pod.process().http("/api/tickets/" + path);
    try {
      return HTTP.send(
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .method(method, publisher)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What can be asked about a ticket, and of a message that is in four of the five. */
  private static Map<String, Map<String, Object>> questions(String ticket) {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put("join_ticket_chat", Map.of("ticket_id", ticket));
    all.put("leave_ticket_chat", Map.of("ticket_id", ticket));
    all.put("send_message", Map.of("ticket_id", ticket, "text", "x", "client_id", "c"));
    all.put("typing_start", Map.of("ticket_id", ticket));
    all.put("typing_stop", Map.of("ticket_id", ticket));
    all.put("mark_messages_read", Map.of("ticket_id", ticket, "up_to_seq", 1));
    all.put(
        "mark_messages_delivered", Map.of("ticket_id", ticket, "message_ids", List.of("known-1")));
    all.put("get_message_status", Map.of("ticket_id", ticket, "message_ids", List.of("known-1")));
    all.put("get_typing_users", Map.of("ticket_id", ticket));
    all.put("get_participants", Map.of("ticket_id", ticket));
    all.put("get_messages", Map.of("ticket_id", ticket, "after_seq", 0));
    return all;
  }

  @Test
  void allTicketsAnswerAlikeAtBothDoors() {
    String token = Tokens.user("eve").tickets("her-own").sign();
    pod.whileOthersTalk("probes", () -> {
      try (Client plain = ChatClient.to(pod.chat()).bearer(token).connect();
          Client socketIo = SocketIoClient.connect(pod.chat(), token)) {
        for (Client eve : List.of(plain, socketIo)) {
          eve.awaitEvent("chat_authenticated");
          List<List<String>> answers =
              TICKETS.stream().map(ticket -> answers(eve, ticket)).toList();
          assertThat(answers.get(0).get(0)).contains("forbidden");
          assertThat(answers).allMatch(answers.get(0)::equals);
        }
      }
    });
  }

  private static List<String> answers(Client eve, String ticket) {
    List<String> answers = new ArrayList<>();
    questions(ticket).forEach((event, data) -> {
      JsonNode reply = eve.request(event, data);
      String said = reply.has("error") ? reply.get("error").toString() : reply.toString();
      answers.add(event + ": " + said.replace(ticket, "TICKET").replaceAll("\"ref\":\\d+", "ref"));
    });
    return answers;
  }

  @Test
  void allTicketsAnswerAlikeOverHttp() {
    String token = Tokens.user("eve").tickets("her-own").sign();
    List<List<String>> answers = TICKETS.stream()
        .map(ticket -> List.of(
            told(send("GET", ticket + "/messages", null, token), ticket),
            told(send("GET", ticket + "/participants", null, token), ticket),
            told(send("GET", ticket + "/messages/known-1/status", null, token), ticket),
            told(send("PUT", ticket, "{\"closed\":true}", token), ticket)))
        .toList();
    assertThat(answers.get(0).get(0)).startsWith("403");
    assertThat(answers).allMatch(answers.get(0)::equals);
  }

  private static String told(HttpResponse<String> response, String ticket) {
    return response.statusCode() + " " + response.body().replace(ticket, "TICKET");
  }

  /** That there is no difference in time follows from nobody being asked. */
  @Test
  void theStoreIsNotEvenAskedAboutThem() throws InterruptedException {
    String token = Tokens.user("mallory").tickets("her-own").sign();
    List<Integer> commands;
    try (Client mallory = ChatClient.to(pod.chat()).bearer(token).connect();
        Jedis redis = TestRedis.connect()) {
      mallory.awaitEvent("chat_authenticated");
      commands = new ArrayList<>();
      for (String ticket : List.of("probe-open", "probe-never", "her-own")) {
        AtomicInteger about = new AtomicInteger();
        Thread watching = watch(redis, ticket, about);
        questions(ticket).forEach(mallory::request);
        // Its line comes after those of all that was asked before.
        TestRedis.run(other -> other.echo("over"));
        watching.join();
        commands.add(about.get());
      }
    }
    assertThat(commands.subList(0, 2)).containsExactly(0, 0);
    assertThat(commands.get(2)).as("about a ticket she may enter").isPositive();
  }

  private static Thread watch(Jedis redis, String ticket, AtomicInteger about)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    JedisMonitor monitor = new JedisMonitor() {
      @Override
      public void onCommand(String command) {
        if (command.contains("\"over\"")) {
          client.close();
        } else if (command.contains("\"begin\"")) {
          begun.countDown();
        } else if (command.contains(ticket)) {
          about.incrementAndGet();
        }
      }
    };
    Thread thread = new Thread(() -> {
      try (Jedis own = TestRedis.connect()) {
        own.monitor(monitor);
      } catch (JedisException e) {
        // It was told to end.
      }
    });
    thread.start();
    while (!begun.await(20, TimeUnit.MILLISECONDS)) {
      redis.echo("begin");
    }
    return thread;
  }

  @Test
  void howLongAnswersTakeIsPrinted() {
    String token = Tokens.user("trent").tickets("her-own").sign();
    try (Client trent = ChatClient.to(pod.chat()).bearer(token).connect()) {
      trent.awaitEvent("chat_authenticated");
      for (String ticket : List.of("probe-never", "probe-open", "probe-never", "probe-open")) {
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          long began = System.nanoTime();
          JsonNode error = trent.refused("join_ticket_chat", Map.of("ticket_id", ticket));
          micros.add((System.nanoTime() - began) / 1_000);
          assertThat(error.get("code").asText()).isEqualTo("forbidden");
        }
        micros.sort(null);
        System.out.printf(
            "refusals of %s: median %d \u00b5s, 90%% %d \u00b5s, 99%% %d \u00b5s%n",
            ticket, micros.get(150), micros.get(270), micros.get(297));
      }
    }
    assertThat(PodProcess.get(pod.process().management("/q/health/live")).statusCode())
        .isEqualTo(200);
  }
}
