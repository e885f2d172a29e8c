package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users and their connections on two pods. */
class PresenceTest {
  private static final AtomicInteger USERS = new AtomicInteger();
  private static final byte[] DATA = "{\"x\":1}".getBytes(StandardCharsets.UTF_8);
  private static TwoPods two;
  private final String user = "user" + USERS.incrementAndGet();

  @BeforeAll
  static void start() {
    two = new TwoPods("chat.limits.connections-per-user", "3");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void aUsersConnectionsAreLimitedOnAllPodsTogether() {
    TestClient first = two.a.connect("u:" + user);
    two.b.connect("u:" + user);
    two.a.connect("u:" + user);

    TestClient fourth = two.b.connect();
    long ref = fourth.ask("chat_authenticate", Map.of("token", "u:" + user));
    assertThat(fourth.awaitClose().code()).isEqualTo(4429);
    assertThat(ref).isPositive();
    assertThat(connections()).isEqualTo(3);

    first.authenticate("u:" + user);
    first.close();
    eventually("a free place", () -> connections() == 2);
    two.b.connect("u:" + user);
    assertThat(connections()).isEqualTo(3);
  }

  @Test
  void presenceIsKnownOnBothPodsAndRemembered() {
    assertThat(presence().lastSeenMs()).isZero();
    TestClient here = two.a.connect("u:" + user);
    TestClient there = two.b.connect("u:" + user);
    assertThat(connections()).isEqualTo(2);
    here.close();
    there.abort();
    eventually("nobody", () -> connections() == 0);
    assertThat(presence().lastSeenMs()).isPositive();
  }

  @Test
  void anEventOfAUserReachesAllTheirConnectionsAndNobodyElse() {
    TestClient here = two.a.connect("u:" + user);
    TestClient there = two.b.connect("u:" + user);
    TestClient other = two.b.connect("u:" + user + "x");

    assertThat(event(user, "greeting")).isEqualTo(2);
    event(user + "x", "fence");

    assertThat(here.awaitEvent("greeting").get("x").asInt()).isEqualTo(1);
    there.awaitEvent("greeting");
    other.awaitEvent("fence");
    assertThat(other.events("greeting")).isEmpty();
    assertThat(event("nobody", "greeting")).isZero();
  }

  @Test
  void anEventOfTheStaffReachesAllOfThemAndNoCustomer() {
    TestClient here = two.a.connect("u:" + user + ";admin");
    TestClient there = two.b.connect("u:" + user + "y;admin");
    TestClient customer = two.b.connect("u:" + user + "z");

    call(two.a, link -> two.a.pod().adminEvents().send(link, "alarm", DATA));

    here.awaitEvent("alarm");
    there.awaitEvent("alarm");
    event(user + "z", "fence");
    customer.awaitEvent("fence");
    assertThat(customer.events("alarm")).isEmpty();
  }

  @Test
  void closingAUsersConnectionsEndsThemOnBothPodsAndTheyMayComeBack() {
    TestClient here = two.a.connect("u:" + user);
    TestClient there = two.b.connect("u:" + user);
    TestClient other = two.b.connect("u:" + user + "x");

    assertThat(close(0)).isEqualTo(2);

    assertThat(here.awaitClose().code()).isEqualTo(4401);
    assertThat(there.awaitClose().code()).isEqualTo(4401);
    assertThat(other.isClosed()).isFalse();
    eventually("nobody", () -> connections() == 0);
    two.a.connect("u:" + user);
  }

  @Test
  void revokedTokensAreRefusedOnBothPodsAndNewerOnesTaken() {
    TestClient here = two.a.connect("u:" + user);
    close(-1);
    assertThat(here.awaitClose().code()).isEqualTo(4401);

    long later = Instant.now().getEpochSecond() + 2;
    for (var pod : List.of(two.a, two.b)) {
      String old = "u:" + user + ";iat=" + (later - 100);
      assertThat(pod.connect()
              .refused("chat_authenticate", Map.of("token", old))
              .get("code")
              .asText())
          .isEqualTo("invalid_token");
      pod.connect("u:" + user + ";iat=" + later);
    }
  }

  @Test
  void aFreshTokenExtendsAndAnotherUsersIsAMismatch() {
    TestClient client = two.a.connect("u:" + user + ";ttl=50");
    client.awaitEvent("token_expiring");
    JsonNode again = client.authenticate("u:" + user + ";ttl=3000");
    assertThat(Instant.parse(again.get("expires_at").asText()))
        .isAfter(Instant.now().plusSeconds(2000));
    assertThat(again.get("connection_id").asText()).isEqualTo(client.connectionId());

    assertThat(client
            .refused("chat_authenticate", Map.of("token", "u:other"))
            .get("code")
            .asText())
        .isEqualTo("identity_mismatch");
    assertThat(client.session().isUser(user)).isTrue();
    for (Map<String, Object> claim : List.<Map<String, Object>>of(
        Map.of("token", "u:" + user, "user_id", "other"),
        Map.of("token", "u:" + user, "is_admin", true))) {
      assertThat(client.refused("chat_authenticate", claim).get("code").asText())
          .isEqualTo("identity_mismatch");
    }
    assertThat(client
            .refused("chat_authenticate", Map.of("token", "nonsense"))
            .get("code")
            .asText())
        .isEqualTo("invalid_token");
    client.ok(
        "chat_authenticate", Map.of("token", "u:" + user, "user_id", user, "is_admin", false));
    assertThat(connections()).isEqualTo(1);
  }

  @Test
  void aTokenThatEndsTakesTheConnectionWithIt() {
    int ticket = newTicket();
    TestClient noor = in(two.b, "u:noor" + user + ";admin", ticket);
    TestClient client = in(two.a, "u:" + user + ";ttl=1;tickets=" + ticket, ticket);
    assertThat(client.awaitClose().code()).isEqualTo(4401);
    noor.awaitEvent("user_left");
  }

  @Test
  void nothingIsGrantedWithoutAToken() {
    TestClient client = two.a.connect();
    assertThat(client
            .refused("join_ticket_chat", Map.of("ticket_id", 1))
            .get("code")
            .asText())
        .isEqualTo("unauthenticated");
    assertThat(client.refused("chat_authenticate", Map.of()).get("code").asText())
        .isEqualTo("bad_request");
  }

  private long event(String user, String name) {
    return call(two.a, link -> two.a.pod().users().event(link, user, name, DATA));
  }

  private long close(long refuseTokensUpToMs) {
    return call(two.b, link -> two.b.pod().users().close(link, user, refuseTokensUpToMs));
  }

  private int connections() {
    return presence().connections();
  }

  private UserStore.Presence presence() {
    return call(two.b, link -> two.b.pod().users().presence(link, user));
  }
}
