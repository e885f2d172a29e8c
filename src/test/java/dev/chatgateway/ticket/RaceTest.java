package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Four users, each on both pods at once, do everything there is to do in a few tickets; afterwards
 * Redis, what each client saw, and a simple model agree. {@code -Dchat.test.seed=…} does it again.
 */
class RaceTest {
  private static final int ACTIONS = 500;
  private static final List<String> RANKS = List.of("sent", "delivered", "read");

  private final long seed = Long.getLong("chat.test.seed", System.nanoTime());
  private final List<Integer> tickets = List.of(newTicket(), newTicket(), newTicket());
  private final Map<Integer, RaceModel> models = new HashMap<>();

  @Test
  void redisTheClientsAndTheModelAgreeOnceAllIsQuiet() throws Exception {
    System.out.println("RaceTest: -Dchat.test.seed=" + seed);
    tickets.forEach(ticket -> models.put(ticket, new RaceModel()));
    List<String> settings = new ArrayList<>(List.of(
        "chat.ticket.history",
        "5000",
        "chat.typing.shown",
        "200ms",
        "chat.typing.renewal",
        "50ms"));
    for (String limit : List.of("messages", "user-messages", "joins", "typing", "frames")) {
      settings.addAll(List.of("chat.limits." + limit + ".per-second", "1000000"));
      settings.addAll(List.of("chat.limits." + limit + ".burst", "1000000"));
    }
    try (TwoPods two = new TwoPods(settings.toArray(String[]::new))) {
      List<Actor> actors = new ArrayList<>();
      for (String user : List.of("u1", "u2", "u3;admin", "u4;admin")) {
        String token = "u:" + user + ";tickets="
            + String.join(",", tickets.stream().map(String::valueOf).toList());
        actors.add(new Actor(two.a.connect(token), actors.size()));
        actors.add(new Actor(two.b.connect(token), actors.size()));
      }
      ExecutorService threads = Executors.newFixedThreadPool(actors.size());
      try {
        List<Future<?>> runs = new ArrayList<>();
        actors.forEach(actor -> runs.add(threads.submit(actor)));
        for (Future<?> run : runs) {
          run.get(120, TimeUnit.SECONDS);
        }
      } finally {
        threads.shutdownNow();
      }
      for (int ticket : tickets) {
        verify(two, ticket, actors);
      }
    }
  }

  private void verify(TwoPods two, int ticket, List<Actor> actors) {
    RaceModel model = models.get(ticket);
    Map<String, String> inRoom = new HashMap<>();
    Map<String, Integer> connections = new HashMap<>();
    for (Actor actor : actors) {
      if (actor.joined.contains(ticket)) {
        connections.merge(actor.user, 1, Integer::sum);
        actor.verify(ticket, model.messages());
      }
    }
    connections.forEach((user, count) -> inRoom.put(user, count.toString()));
    eventually(
        "nobody to type", () -> TestRedis.<Long>ask(r -> r.hlen(two.key(ticket, "typing"))) == 0);

    Map<String, String> users = TestRedis.ask(r -> r.hgetAll(two.key(ticket, "users")));
    users.replaceAll((user, entry) -> entry.substring(0, entry.indexOf(' ')));
    assertThat(users).as("users of %d, seed %d", ticket, seed).isEqualTo(inRoom);
    assertThat(TestRedis.<Long>ask(r -> r.hlen(two.key(ticket, "members"))))
        .isEqualTo(connections.values().stream().mapToInt(Integer::intValue).sum());
    assertThat(TestRedis.<String>ask(r -> r.hget(two.key(ticket, "meta"), "seq")))
        .isEqualTo("" + model.messages());
    assertThat(TestRedis.<Long>ask(r -> r.xlen(two.key(ticket, "log"))))
        .isEqualTo(model.messages());

    Map<String, String> status = TestRedis.ask(r -> r.hgetAll(two.key(ticket, "status")));
    Map<String, String> expected = new HashMap<>();
    for (long seq = 1; seq <= model.messages(); seq++) {
      expected.put("" + seq, model.status(seq).substring(0, 1) + " " + model.author(seq));
    }
    status.replaceAll((seq, entry) -> entry.substring(0, entry.lastIndexOf(' ')));
    assertThat(status).as("statuses of %d, seed %d", ticket, seed).isEqualTo(expected);

    List<String> everybody = List.of("u1", "u2", "u3", "u4", "nobody");
    List<Long> unread =
        call(two.a, link -> two.a.pod().marks().unread(link, "" + ticket, everybody));
    assertThat(unread)
        .as("unread of %d, seed %d", ticket, seed)
        .isEqualTo(everybody.stream().map(model::unread).toList());
    for (String user : everybody) {
      String mark = TestRedis.ask(r -> r.hget(two.key(ticket, "marks"), "r:" + user));
      assertThat(mark == null ? 0 : Long.parseLong(mark)).isEqualTo(model.read(user));
    }
  }

  /** One connection, and what it does. */
  private final class Actor implements Runnable {
    private final TestClient client;
    private final String user;
    private final Random random;
    private final Set<Integer> joined = new HashSet<>();
    private final Map<Integer, Set<Long>> snapshots = new HashMap<>();
    private final Map<Integer, Long> newest = new HashMap<>();

    Actor(TestClient client, int number) {
      this.client = client;
      this.user = client.session().principal().userId();
      this.random = new Random(seed + number);
    }

    @Override
    public void run() {
      for (int i = 0; i < ACTIONS; i++) {
        act(tickets.get(random.nextInt(tickets.size())), random.nextInt(100));
      }
    }

    private void act(int ticket, int dice) {
      Map<String, Object> data = Map.of("ticket_id", ticket);
      RaceModel model = models.get(ticket);
      if (!joined.contains(ticket) || dice < 3) {
        long seq = client.ok("join_ticket_chat", data).get("seq").asLong();
        joined.add(ticket);
        snapshots.computeIfAbsent(ticket, any -> new HashSet<>()).add(seq);
        newest.merge(ticket, seq, Math::max);
      } else if (dice < 35) {
        JsonNode said = client.say(ticket, user + " " + random.nextInt());
        model.sent(said.get("seq").asLong(), user);
        newest.merge(ticket, said.get("seq").asLong(), Math::max);
      } else if (dice < 70 && newest.get(ticket) > 0) {
        String status = dice < 50 ? "read" : "delivered";
        long upTo = 1 + random.nextInt(newest.get(ticket).intValue());
        model.marked(status, user, upTo, TwoPods.mark(client, status, ticket, upTo));
      } else if (dice < 85) {
        client.ok("typing_start", data);
      } else if (dice < 92) {
        client.ok("typing_stop", data);
      } else {
        client.ok("leave_ticket_chat", data);
        joined.remove(ticket);
      }
    }

    /** What the client saw of the room has no hole, and nothing twice. */
    void verify(int ticket, long messages) {
      Set<Long> starts = snapshots.get(ticket);
      eventually(
          user + " to hear the last of " + ticket + ", seed " + seed,
          () -> starts.contains(messages) || seqs(client, ticket).contains(messages));
      long before = -1;
      for (long seq : seqs(client, ticket)) {
        assertThat(seq).as("no number twice, seed %d", seed).isGreaterThan(before);
        if (seq != before + 1) {
          assertThat(starts).as("before %d of %d, seed %d", seq, ticket, seed).contains(seq - 1);
        }
        before = seq;
      }
      Map<String, Integer> ranks = new HashMap<>();
      for (JsonNode update : client.events("message_status_update")) {
        int rank = RANKS.indexOf(update.get("status").asText());
        Integer was = ranks.put(update.get("message_id").asText(), rank);
        assertThat(was == null ? 0 : was).as("status, seed %d", seed).isLessThan(rank);
      }
    }
  }
}
