package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Two pods that keep the places of who is sent away, and a ticket. */
final class DepartingPods implements AutoCloseable {
  /** A grace that ends in no test. */
  static final String LONG = "30s";

  final int ticket = newTicket();
  final TestPods pods;
  final TestPods.TestPod a;
  final TestPods.TestPod b;
  private final TwoPods two;

  DepartingPods(String grace, String... more) {
    String[] settings = new String[more.length + 6];
    List.of(
            "chat.presence.grace",
            grace,
            "chat.presence.heartbeat",
            "100ms",
            "chat.presence.lease",
            "1s")
        .toArray(settings);
    System.arraycopy(more, 0, settings, 6, more.length);
    two = new TwoPods(settings);
    pods = two.pods;
    a = two.a;
    b = two.b;
  }

  /** An agent in the ticket's room, at pod b. */
  TestClient agent() {
    return in(b, "u:noor;admin", ticket);
  }

  /** Has a client go at once, and waits until its connection is closed. */
  static void sendAway(TestClient client) {
    client.session().loop().run(() -> client.session().sendAway("rebalance", 0));
    assertThat(client.awaitClose().code()).isEqualTo(1012);
  }

  /** Requires that Noor has heard one join and no leave by the time the speaker's message comes. */
  void hearsNoMoreThanTheFirstJoin(TestClient noor, TestClient speaker) {
    speaker.say(ticket, "fence");
    noor.awaitEvent("new_message");
    assertThat(noor.events("user_left")).isEmpty();
    assertThat(noor.events("user_joined")).hasSize(1);
  }

  /** Waits until so many pods are left, and what the others had has been swept. */
  void awaitSwept(int left) {
    eventually(
        "the leases of the living",
        () -> TestRedis.<Long>ask(r -> r.zcard(pods.keyPrefix() + "{pods}:leases")) == left);
  }

  /** The name of a key of the ticket. */
  String key(String part) {
    return two.key(ticket, part);
  }

  /** How many connections are in the ticket, those that are expected back among them. */
  long members() {
    return TestRedis.<Long>ask(r -> r.hlen(key("members")));
  }

  /** How many places are kept for connections that are expected back. */
  long kept() {
    return TestRedis.<List<String>>ask(r -> r.hvals(key("members"))).stream()
        .filter(value -> value.contains(" "))
        .count();
  }

  /** How many incarnations are in the index with some ticket. */
  long indexed() {
    return TestRedis.<Set<String>>ask(r -> r.keys(pods.keyPrefix() + "{i:*}:tickets"))
        .size();
  }

  /** How many of the places a pod kept came to that. */
  static double places(TestPods.TestPod pod, String outcome) {
    return pod.metrics()
        .get("chat.places.kept")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  /** How many connections Ana has, as told to others. */
  int connections() {
    return call(b, link -> b.pod().users().presence(link, "ana")).connections();
  }

  int participants(TestClient client) {
    return client
        .ok("get_participants", Map.of("ticket_id", ticket))
        .get("participants_count")
        .asInt();
  }

  @Override
  public void close() {
    two.close();
  }
}
