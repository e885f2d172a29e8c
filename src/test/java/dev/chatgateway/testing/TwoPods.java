package dev.chatgateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/** Two pods on one Redis, for what crosses from one to the other, and what such tests look at. */
public final class TwoPods implements AutoCloseable {
  private static final AtomicInteger TICKETS = new AtomicInteger(1000);

  public final TestPods pods;
  public final TestPods.TestPod a;
  public final TestPods.TestPod b;

  /**
   * @param settings as of {@link TestPods}
   */
  public TwoPods(String... settings) {
    pods = new TestPods(settings);
    a = pods.start();
    b = pods.start();
  }

  /** A ticket that no other test has. */
  public static int newTicket() {
    return TICKETS.incrementAndGet();
  }

  /** A customer's connection, admitted to that ticket and in its room. */
  public static TestClient customer(TestPods.TestPod pod, Object user, int ticket) {
    return in(pod, "u:" + user + ";tickets=" + ticket, ticket);
  }

  /** A connection with that token in that ticket's room. */
  public static TestClient in(TestPods.TestPod pod, String token, int ticket) {
    TestClient client = pod.connect(token);
    client.join(ticket);
    return client;
  }

  /** The name of a key of a ticket. */
  public String key(int ticket, String part) {
    return pods.keyPrefix() + "{t:" + ticket + "}:" + part;
  }

  /** Stores a message that no pod hears of, as where pub/sub has lost it. */
  public static void sendUnheard(TwoPods two, int ticket) {
    sendUnheard(two.pods.keyPrefix(), Integer.toString(ticket));
  }

  /** The same, with that body. */
  public static void sendUnheard(TwoPods two, int ticket, String body) {
    sendUnheard(two.pods.keyPrefix(), Integer.toString(ticket), body);
  }

  /** The same, of pods whose keys begin so. */
  public static void sendUnheard(String keyPrefix, String ticket) {
    sendUnheard(keyPrefix, ticket, "{\"user_id\":\"bot\",\"text\":\"unheard\"}");
  }

  private static void sendUnheard(String keyPrefix, String ticket, String body) {
    List<String> keys = sendKeys(keyPrefix, ticket);
    List<String> args =
        List.of("PUBLISH", "100000", "e", "", "bot", "", "", body, "200", "1000", "elsewhere", "");
    String script = script("ticket/renew") + script("ticket/send");
    TestRedis.run(redis -> redis.eval(script, keys, args));
  }

  private static String script(String name) {
    try (InputStream in = TwoPods.class.getResourceAsStream("/lua/" + name + ".lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The keys of a message that goes to a channel which no pod hears. */
  public static List<String> sendKeys(String keyPrefix, String ticket) {
    List<String> keys = new ArrayList<>(List.of(keyPrefix + "elsewhere"));
    for (String part : List.of(
        "meta",
        "log",
        "status",
        "marks",
        "ids",
        "events",
        "members",
        "users",
        "typing",
        "removed",
        "followers",
        "dedupe",
        "dedupe_old")) {
      keys.add(keyPrefix + "{t:" + ticket + "}:" + part);
    }
    return keys;
  }

  /** Does what the HTTP calls do, on the pod's own loop, and gives what comes of it. */
  public static <T> T call(TestPods.TestPod pod, Function<RedisLink, Future<T>> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    var main = pod.pod().loops().main();
    main.run(() -> action.apply(main.redis()).onComplete(done -> {
      if (done.succeeded()) {
        result.complete(done.result());
      } else {
        result.completeExceptionally(done.cause());
      }
    }));
    try {
      return result.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The seqs of the new messages a client has had, in the order they came. */
  public static List<Long> seqs(Client client, int ticket) {
    return client.events("new_message").stream()
        .filter(message -> message.get("ticket_id").asInt() == ticket)
        .map(message -> message.get("seq").asLong())
        .toList();
  }

  /** From the one number to the other, both included. */
  public static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  public static void eventually(String what, BooleanSupplier is) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(10))
        .until(is::getAsBoolean);
  }

  /** Marks up to a seq and gives the ids that moved. */
  public static List<String> mark(Client client, String status, int ticket, long upTo) {
    return texts(client
        .ok("mark_messages_" + status, Map.of("ticket_id", ticket, "up_to_seq", upTo))
        .get("message_ids"));
  }

  /** The texts of an array. */
  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** The status of a message as its room's members can ask for it. */
  public static String status(Client client, int ticket, String id) {
    return client
        .ok("get_message_status", Map.of("ticket_id", ticket, "message_ids", List.of(id)))
        .get("statuses")
        .path(id)
        .asText();
  }

  @Override
  public void close() {
    pods.close();
  }
}
