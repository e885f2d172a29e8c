package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisSentinels;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.Tokens;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the ticket system was told has been closed, put out or revoked stays so, whoever becomes
 * primary: two pods that wait for both replicas.
 */
class SentinelCallsIT {
  private static final int BEFORE_THE_KILL = 20;
  private static final Duration HEALED = Duration.ofSeconds(40);

  private RedisSentinels redis;
  private PodProcess first;
  private PodProcess second;

  @BeforeEach
  void begin() {
    // Nothing but the waiting keeps a primary without replicas from accepting.
    redis = RedisSentinels.start(new RedisSetup().config("min-replicas-to-write", "0"));
    first = pod();
    second = pod();
  }

  private PodProcess pod() {
    return PodProcess.start(Stream.of(redis.gatewaySettings(), new String[] {
          "chat.redis.wait-replicas", "2", "chat.limits.connections-per-user", "1000"
        })
        .flatMap(Stream::of)
        .toArray(String[]::new));
  }

  @AfterEach
  void end() {
    first.close();
    second.close();
    redis.close();
  }

  /**
   * One after the other each makes its call as fast as it is answered, until one is not granted. The
   * primary loses its replicas meanwhile, so that what it accepts then is lost with it: where it is
   * killed at once, what it has written to its sockets still reaches them.
   */
  @Test
  void whatWasAnsweredOutlivesThePrimary() throws InterruptedException {
    Series closing = new Series(Order.CLOSE, first);
    Series removing = new Series(Order.REMOVE, second);
    Series revoking = new Series(Order.REVOKE, first);
    List<Series> all = List.of(closing, removing, revoking);
    all.forEach(Thread::start);
    await("calls that are answered")
        .atMost(HEALED)
        .until(() -> all.stream().allMatch(one -> one.answered() >= BEFORE_THE_KILL));
    RedisServer before = redis.primary();
    redis.isolate(before);
    List<Integer> then = all.stream().map(Series::answered).toList();
    await("calls that are refused, or that should have been")
        .atMost(HEALED)
        .until(() -> IntStream.range(0, all.size())
            .allMatch(i ->
                !all.get(i).isAlive() || all.get(i).answered() >= then.get(i) + BEFORE_THE_KILL));
    before.kill();
    for (Series series : all) {
      series.join();
    }
    redis.awaitFailover(before);
    before.start(); // without data; until then the pods wait in vain for a second replica
    redis.awaitHealthy();

    try (PodProcess fresh = pod()) { // which remembers nothing
      for (PodProcess pod : List.of(fresh, first, second)) {
        all.forEach(series -> series.requireKept(pod));
      }
      Order.requireMayBeGranted(fresh);
    }
  }

  /** And where the replicas don't have it, it is not answered as if they had. */
  @Test
  void whatTheReplicasDoNotHaveIsNotAnswered() {
    for (Order order : Order.values()) {
      assertThat(order.ask(first, "before").status()).isEqualTo(200);
    }
    List<RedisServer> replicas = redis.replicas();
    replicas.forEach(RedisServer::freeze);
    for (Order order : Order.values()) {
      TicketSystemCalls.Answer answer = order.ask(first, "meanwhile");
      assertThat(answer.status()).as("%s", answer).isEqualTo(503);
      assertThat(answer.body().get("code").asText()).isEqualTo("unavailable");
    }
    replicas.forEach(RedisServer::resume);
    redis.awaitHealthy();
    for (Order order : Order.values()) {
      await("a repeat that is granted")
          .atMost(HEALED)
          .until(() -> order.ask(second, "meanwhile").status() == 200);
      order.requireKept(second, "meanwhile", Order.tokenFor("meanwhile"));
    }
  }

  /** What the ticket system asks for, about the ticket or the user of that name. */
  private enum Order {
    CLOSE {
      @Override
      TicketSystemCalls.Answer ask(PodProcess pod, String name) {
        return new TicketSystemCalls(pod)
            .call("PUT", "/api/tickets/" + name, Map.of("closed", true));
      }

      @Override
      JsonNode attempt(ChatClient client, String name, String token) {
        client.authenticate(Tokens.admin("noor").sign());
        client.join(name);
        return client.request("send_message", Map.of("ticket_id", name, "text", "x"));
      }

      @Override
      String refusal() {
        return "ticket_closed";
      }
    },
    REMOVE {
      @Override
      TicketSystemCalls.Answer ask(PodProcess pod, String name) {
        return new TicketSystemCalls(pod)
            .call("DELETE", "/api/tickets/" + name + "/participants/" + name, null);
      }

      @Override
      JsonNode attempt(ChatClient client, String name, String token) {
        client.authenticate(token);
        return client.request("join_ticket_chat", Map.of("ticket_id", name));
      }

      @Override
      String refusal() {
        return "forbidden";
      }
    },
    REVOKE {
      @Override
      TicketSystemCalls.Answer ask(PodProcess pod, String name) {
        return new TicketSystemCalls(pod)
            .call("DELETE", "/api/users/" + name + "/connections?revoke_before=now", null);
      }

      @Override
      JsonNode attempt(ChatClient client, String name, String token) {
        return client.request("chat_authenticate", Map.of("token", token));
      }

      @Override
      String refusal() {
        return "invalid_token";
      }
    };

    abstract TicketSystemCalls.Answer ask(PodProcess pod, String name);

    /** Tries what is refused from then on. */
    abstract JsonNode attempt(ChatClient client, String name, String token);

    abstract String refusal();

    static String tokenFor(String name) {
      return Tokens.user(name).tickets(name).sign();
    }

    void requireKept(PodProcess pod, String name, String token) {
      JsonNode reply = settled(pod, name, token);
      assertThat(reply.at("/error/code").asText())
          .as("%s of %s: %s", this, name, reply)
          .isEqualTo(refusal());
    }

    /** Not refused as somebody or something else. */
    static void requireMayBeGranted(PodProcess pod) {
      for (Order order : values()) {
        assertThat(
                order.settled(pod, "untouched", tokenFor("untouched")).get("ok").asBoolean())
            .as("%s", order)
            .isTrue();
      }
    }

    /** The answer, once Redis is there. */
    private JsonNode settled(PodProcess pod, String name, String token) {
      List<JsonNode> replies = new ArrayList<>();
      await("an answer").atMost(HEALED).ignoreException(AssertionError.class).until(() -> {
        try (ChatClient client = pod.connect()) {
          replies.add(attempt(client, name, token));
        }
        return !replies.get(replies.size() - 1).at("/error/retry").asBoolean();
      });
      return replies.get(replies.size() - 1);
    }
  }

  /** Makes one call after the other until one is not granted. */
  private static final class Series extends Thread {
    private final Order order;
    private final PodProcess pod;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    Series(Order order, PodProcess pod) {
      this.order = order;
      this.pod = pod;
    }

    @Override
    public void run() {
      for (int i = 0; ; i++) {
        String name = order.name() + "-" + i;
        String token = Order.tokenFor(name);
        try {
          if (order.ask(pod, name).status() != 200) {
            return;
          }
        } catch (UncheckedIOException e) {
          return;
        }
        synchronized (tokens) {
          tokens.put(name, token);
        }
      }
    }

    int answered() {
      synchronized (tokens) {
        return tokens.size();
      }
    }

    /** Of the last ones, each: they are those that could be lost. */
    void requireKept(PodProcess at) {
      List<String> names = List.copyOf(tokens.keySet());
      assertThat(names).hasSizeGreaterThanOrEqualTo(BEFORE_THE_KILL);
      for (String name : names.subList(names.size() - BEFORE_THE_KILL, names.size())) {
        order.requireKept(at, name, tokens.get(name));
      }
    }
  }
}
