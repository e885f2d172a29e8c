package dev.chatgateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.auth.TestIssuer.Key;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that come by HTTP or from a file: rotated, withdrawn, away. The clock is the test's. */
class IssuersTest {
  private static final String STAFF = "https://staff.example.com";
  private static final String SHOP = "https://shop.example.com";
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration REFRESH = Duration.ofMinutes(5);
  private static final Key OLD = Key.of("old");
  private static final Key NEW = Key.of("new");

  @TempDir
  Path folder;

  private final KeyServer server = new KeyServer();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(server));
  private final LogLines log = new LogLines();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
    log.close();
  }

  private IssuersFixture issuers(String... settings) {
    IssuersFixture issuers = new IssuersFixture(settings);
    open.add(issuers);
    return issuers;
  }

  /** One issuer, by the standard properties, whose keys have been asked for. */
  private IssuersFixture one(String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.addAll(List.of("mp.jwt.verify.publickey.location", server.address()));
    return issuers(settings.toArray(String[]::new)).start();
  }

  private static void awaitKnown(IssuersFixture issuers) {
    await("the keys").until(issuers.issuers::anyKnown);
  }

  private void awaitFailure(IssuersFixture issuers, double times) {
    await("a failure").until(() -> failed(issuers) >= times);
  }

  private static double failed(IssuersFixture issuers) {
    return issuers.metrics.find("chat.keys.failed").functionCounters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static double age(IssuersFixture issuers, String name) {
    return issuers.metrics.get("chat.keys.age").tag("issuer", name).gauge().value();
  }

  private static void requireUnavailable(ChatException problem) {
    assertThat(problem.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(problem.code().retry()).isTrue();
    assertThat(problem.retryAfterMs()).isBetween(1000L, INTERVAL.toMillis() + 1);
  }

  // --- known, and not yet

  @Test
  void tokensAreUnavailableUntilTheKeysAreKnown() {
    IssuersFixture issuers = one();
    awaitFailure(issuers, 1);
    requireUnavailable(issuers.refused(OLD.token()));
    assertThat(issuers.issuers.anyKnown()).as("ready").isFalse();
    assertThat(age(issuers, "default")).isNaN();

    server.serves(OLD);
    issuers.pass(Duration.ofSeconds(1));

    awaitKnown(issuers);
    assertThat(issuers.verify(OLD.token()).userId()).isEqualTo("7");
  }

  @Test
  void anAddressThatHangsIsGivenUp() {
    server.hangs();
    IssuersFixture issuers = one("chat.keys.timeout", "200ms");

    awaitFailure(issuers, 1);
    assertThat(log.all()).anyMatch(line -> line.contains("took too long"));
    requireUnavailable(issuers.refused(OLD.token()));
  }

  @Test
  void aKeySetThatIsTooLargeIsNotRead() {
    server.serves(" ".repeat(5000));
    IssuersFixture issuers = one("chat.keys.max-size", "4K");
    awaitFailure(issuers, 1);
    assertThat(log.all()).anyMatch(line -> line.contains("larger than 4096 bytes"));
  }

  @Test
  void neitherEmptyKeySetsNorNonsenseTakeTheKeysAway() {
    server.serves(OLD);
    IssuersFixture issuers = one();
    awaitKnown(issuers);

    double failures = 0;
    for (String nonsense : List.of("{\"keys\":[]}", "<html>", "", "{\"keys\":7}", "[]", "{}")) {
      server.serves(nonsense);
      issuers.pass(REFRESH);
      awaitFailure(issuers, ++failures);
      issuers.verify(OLD.token("exp", 4_000_000_000L));
    }
  }

  @Test
  void redirectsAreFollowedWithinTheScheme() {
    try (KeyServer other = new KeyServer()) {
      other.serves(OLD);
      server.redirects(other.address());
      IssuersFixture issuers = one();
      awaitKnown(issuers);
    }
  }

  @Test
  void redirectsToAnotherSchemeOrWithoutEndAreNot() {
    server.redirects("https://127.0.0.1:1/keys");
    IssuersFixture issuers = one();
    awaitFailure(issuers, 1);
    assertThat(log.all()).anyMatch(line -> line.contains("another scheme"));

    server.redirects(server.address());
    issuers.pass(Duration.ofMinutes(1));
    awaitFailure(issuers, 2);
    assertThat(server.asked()).isLessThan(10);
  }

  // --- rotation

  @Test
  void aKeyThatIsNewIsReadAtOnce() {
    server.serves(OLD);
    IssuersFixture issuers = one();
    awaitKnown(issuers);
    issuers.pass(Duration.ofSeconds(1));

    server.serves(OLD, NEW);

    issuers.verify(NEW.token());
    issuers.verify(OLD.token());
    assertThat(server.asked()).isEqualTo(2);
  }

  @Test
  void aKidThatIsInNoSetReadSinceIsInvalid() {
    server.serves(OLD);
    IssuersFixture issuers = one();
    awaitKnown(issuers);
    issuers.pass(Duration.ofSeconds(1));

    issuers.requireInvalid(NEW.token(), "kid");
    assertThat(server.asked()).isEqualTo(2);
  }

  @Test
  void madeUpKidsDelayARotationByTheIntervalAtMost() {
    server.serves(OLD);
    IssuersFixture issuers = one();
    awaitKnown(issuers);
    issuers.pass(Duration.ofSeconds(1));
    issuers.requireInvalid(Key.of("made-up").token(), "kid");

    server.serves(OLD, NEW);
    issuers.pass(Duration.ofSeconds(3));
    ChatException problem = issuers.refused(NEW.token());
    requireUnavailable(problem);
    assertThat(problem.retryAfterMs()).isBetween(6900L, 7100L);
    requireUnavailable(issuers.refused(Key.of("another").token()));
    assertThat(server.asked()).isEqualTo(2);

    issuers.pass(Duration.ofMillis(problem.retryAfterMs()));

    await("the reading that was due").until(() -> server.asked() == 3);
    issuers.verify(NEW.token());
    assertThat(server.asked()).isEqualTo(3);
  }

  @Test
  void whoBringsAKidAgainThatWasNotReadSinceIsRefused() {
    server.serves(OLD);
    IssuersFixture issuers = one();
    awaitKnown(issuers);
    issuers.pass(Duration.ofSeconds(1));
    issuers.requireInvalid(Key.of("made-up").token(), "kid");
    issuers.pass(Duration.ofSeconds(3));
    long since = issuers.nanos();
    Key made = Key.of("made-up-too");
    requireUnavailable(issuers.refused(made.token(), since));

    issuers.pass(Duration.ofSeconds(8));
    await("the reading that was due").until(() -> server.asked() == 3);
    await().untilAsserted(() -> assertThat(age(issuers, "default")).isZero());
    issuers.pass(Duration.ofSeconds(1));

    ChatException problem = issuers.refused(made.token(), since);
    assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_TOKEN);
    assertThat(server.asked()).isEqualTo(3);
  }

  @Test
  void aKeyIsReadAgainOnceForAllWhoAskMeanwhile() {
    server.serves(OLD);
    IssuersFixture issuers = one();
    awaitKnown(issuers);
    issuers.pass(Duration.ofSeconds(1));
    server.serves(OLD, NEW);

    var outcomes = new ArrayList<java.util.concurrent.CompletableFuture<Principal>>();
    for (int i = 0; i < 50; i++) {
      outcomes.add(issuers.verifier.verify(NEW.token()).toCompletableFuture());
    }

    outcomes.forEach(outcome -> assertThat(outcome.join().userId()).isEqualTo("7"));
    assertThat(server.asked()).isEqualTo(2);
  }

  @Test
  void aWithdrawnKeyIsGoneWithTheNextReading() {
    server.serves(OLD, NEW);
    IssuersFixture issuers = one();
    awaitKnown(issuers);
    server.serves(NEW);
    issuers.verify(OLD.token());

    assertThat(issuers.next()).isLessThanOrEqualTo(REFRESH);
    issuers.pass(REFRESH);
    await("the reading").until(() -> server.asked() == 2);

    await().untilAsserted(() -> issuers.requireInvalid(OLD.token(), "kid"));
  }

  // --- away

  @Test
  void keysAreKeptForADayWhenTheyCanNotBeRead() {
    server.serves(OLD);
    IssuersFixture issuers = one();
    awaitKnown(issuers);
    server.fails(500);
    String token = OLD.token("exp", 4_000_000_000L);

    issuers.pass(Duration.ofHours(24));
    awaitFailure(issuers, 1);
    issuers.verify(token);
    requireUnavailable(issuers.refused(NEW.token("exp", 4_000_000_000L)));
    assertThat(age(issuers, "default")).isEqualTo(Duration.ofHours(24).toSeconds());

    issuers.pass(Duration.ofSeconds(1));
    requireUnavailable(issuers.refused(token));
    assertThat(issuers.issuers.anyKnown()).as("ready").isTrue();

    server.serves(OLD);
    issuers.pass(Duration.ofMinutes(1));
    await().until(() -> age(issuers, "default") < 60);
    issuers.verify(token);
  }

  @Test
  void whatFailedIsTriedAgainSoonButNotInAFlood() {
    IssuersFixture issuers = one();
    List<Long> waits = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      awaitFailure(issuers, i);
      await().until(() -> issuers.waiting() == 1);
      waits.add(issuers.next().toSeconds());
      issuers.pass(issuers.next());
    }
    assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L, 30L);
  }

  @Test
  void aFailureIsWarnedOfAtOnceAndThenOnceAMinute() {
    IssuersFixture issuers = one();
    for (int i = 1; i <= 8; i++) {
      awaitFailure(issuers, i);
      await().until(() -> issuers.waiting() == 1);
      issuers.pass(issuers.next());
    }
    awaitFailure(issuers, 9);

    List<String> warnings =
        log.all().stream().filter(line -> line.contains("can't be read")).toList();
    assertThat(warnings).hasSize(3); // at 0 s, 61 s and 121 s
    assertThat(warnings.get(0))
        .startsWith("WARN")
        .contains("issuer default", "the answer was 503", server.address());
  }

  @Test
  void httpIsWarnedOf() {
    server.serves(OLD);
    awaitKnown(one());
    assertThat(log.all())
        .anyMatch(line -> line.startsWith("WARN") && line.contains("come by http"));
  }

  // --- several

  private IssuersFixture two(KeyServer other, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.addAll(List.of(
        "chat.issuers.staff.location", server.address(),
        "chat.issuers.staff.issuer", STAFF,
        "chat.issuers.shop.location", other.address(),
        "chat.issuers.shop.issuer", SHOP,
        "chat.issuers.shop.audience", "chat,help",
        "chat.issuers.shop.groups", "none",
        "chat.issuers.shop.claims.user-id", "https://shop.example.com/customer",
        "chat.issuers.shop.claims.tickets", "chat/tickets",
        "chat.issuers.staff.claims.groups", "realm_access/roles"));
    return issuers(settings.toArray(String[]::new)).start();
  }

  @Test
  void oneIssuersOutageStopsNoOther() {
    try (KeyServer other = new KeyServer()) {
      server.serves(OLD);
      other.hangs();
      IssuersFixture issuers = two(other, "chat.keys.timeout", "60s");

      awaitKnown(issuers);
      issuers.verify(OLD.token("iss", STAFF));
      server.serves(OLD, NEW);
      issuers.pass(Duration.ofSeconds(1));
      issuers.verify(NEW.token("iss", STAFF));
      assertThat(age(issuers, "shop")).isNaN();
    }
  }

  @Test
  void eachHasItsOwnKeysAudienceGroupsAndClaims() {
    try (KeyServer other = new KeyServer()) {
      server.serves(OLD);
      other.serves(NEW);
      IssuersFixture issuers = two(other);
      await().until(() -> age(issuers, "staff") == 0 && age(issuers, "shop") == 0);
      issuers.pass(Duration.ofSeconds(1));

      Principal ann = issuers.verify(
          OLD.token("iss", STAFF, "realm_access", java.util.Map.of("roles", List.of("admin"))));
      assertThat(ann.admin()).isTrue();
      assertThat(ann.userId()).isEqualTo("7");
      Principal bob = issuers.verify(NEW.token(
          "iss", SHOP,
          "aud", List.of("other", "chat"),
          "groups", List.of("admin", "service"),
          "https://shop.example.com/customer", 42,
          "chat", java.util.Map.of("tickets", List.of(101, "a"))));
      assertThat(bob.admin()).as("an issuer of customers makes no staff").isFalse();
      assertThat(bob.service()).isFalse();
      assertThat(bob.userId()).isEqualTo("42");
      assertThat(bob.tickets()).containsExactlyInAnyOrder("101", "a");

      issuers.requireInvalid(NEW.token("iss", STAFF), "kid");
      issuers.requireInvalid(OLD.token("iss", "https://elsewhere.example"), "iss");
      issuers.requireInvalid(OLD.token(), "iss");
      issuers.requireInvalid(
          NEW.token("iss", SHOP, "https://shop.example.com/customer", 42), "aud");
    }
  }

  @Test
  void theStandardPropertiesAreOneMore() throws Exception {
    Path file = Files.writeString(
        folder.resolve("keys.json"), "{\"keys\":[" + OLD.publicKey().toJson() + "]}");
    server.serves(NEW);
    IssuersFixture issuers = issuers(
            "mp.jwt.verify.publickey.location",
            file.toString(),
            "mp.jwt.verify.issuer",
            STAFF,
            "mp.jwt.verify.audiences",
            "chat",
            "chat.issuers.shop.location",
            server.address(),
            "chat.issuers.shop.issuer",
            SHOP)
        .start();
    await().until(() -> age(issuers, "default") == 0 && age(issuers, "shop") == 0);

    issuers.verify(OLD.token("iss", STAFF, "aud", "chat"));
    issuers.verify(NEW.token("iss", SHOP));
    issuers.requireInvalid(OLD.token("iss", STAFF), "aud");
  }

  @Test
  void severalMustBeToldApart() {
    String[] both = {"chat.issuers.a.location", "https://a/keys", "chat.issuers.b.location", "x"};
    assertThatThrownBy(() -> issuers(both)).hasMessageContaining("needs its issuer");
    assertThatThrownBy(() -> issuers(
            "chat.issuers.a.location",
            "x",
            "chat.issuers.a.issuer",
            STAFF,
            "chat.issuers.b.location",
            "y",
            "chat.issuers.b.issuer",
            STAFF))
        .hasMessageContaining("same issuer");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(
            () -> issuers("chat.issuers.a.location", "x", "chat.issuers.a.algorithms", "none"))
        .hasMessageContaining("algorithm");
    assertThatThrownBy(() ->
            issuers("chat.issuers.a.location", "x", "chat.issuers.a.algorithms", "RS256,HS256"))
        .hasMessageContaining("mixes");
    assertThatThrownBy(
            () -> issuers("chat.issuers.a.location", "x", "chat.issuers.a.groups", "admins"))
        .hasMessageContaining("admins");
    assertThatThrownBy(() ->
            issuers("mp.jwt.verify.publickey.location", "x", "smallrye.jwt.required.claims", "azp"))
        .hasMessageContaining("smallrye.jwt.required.claims");
  }

  // --- files

  @Test
  void aFileIsReadAgainToo() throws Exception {
    Key first = Key.of(null);
    Key second = Key.of(null);
    Path file = folder.resolve("jwt.pem");
    Files.writeString(file, Pem.of(first));
    IssuersFixture issuers =
        issuers("mp.jwt.verify.publickey.location", file.toUri().toString()).start();
    awaitKnown(issuers);
    issuers.pass(Duration.ofSeconds(1));
    issuers.verify(first.token());

    Files.writeString(file, Pem.of(second));

    issuers.verify(second.token());
    issuers.requireInvalid(first.token(), "signature");
  }

  @Test
  void aKeyOfAPemFileIsTheKeyOfAllTokensOfTheIssuer() throws Exception {
    Path file = Files.writeString(folder.resolve("jwt.pem"), Pem.of(OLD));
    IssuersFixture issuers =
        issuers("mp.jwt.verify.publickey.location", file.toString()).start();
    awaitKnown(issuers);

    issuers.verify(OLD.token()); // though it has a kid
    issuers.requireInvalid(NEW.token(), "signature");
    issuers.requireInvalid(NEW.token(), "signature"); // within the interval, too
  }
}
