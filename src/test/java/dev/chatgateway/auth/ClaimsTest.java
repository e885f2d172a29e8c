package dev.chatgateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.auth.TestIssuer.Key;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the claims of a token have to be like, and what the client is told where they are not. */
class ClaimsTest {
  private static final Key KEY = Key.of("k");
  private static final Duration SKEW = Duration.ofSeconds(10);

  private final IssuersFixture issuers =
      new IssuersFixture("mp.jwt.verify.publickey", KEY.publicKey().toJson()).start();

  @AfterEach
  void close() {
    issuers.close();
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  // --- times

  @Test
  void aTokenCountsUntilItsEndAndTheSkew() {
    long exp = now() + 60;
    String token = KEY.token("exp", exp);
    Principal who = issuers.verify(token);
    assertThat(who.expiresAt()).isEqualTo(Instant.ofEpochSecond(exp));
    assertThat(who.endsAt()).isEqualTo(Instant.ofEpochSecond(exp).plus(SKEW));

    issuers.pass(Duration.ofSeconds(65));
    issuers.verify(token);
    issuers.pass(Duration.ofSeconds(6));
    issuers.requireInvalid(token, "exp", "expired");
  }

  @Test
  void aTokenCountsFromItsBeginningLessTheSkew() {
    String token = KEY.token("nbf", now() + 15);
    issuers.requireInvalid(token, "nbf");
    issuers.pass(Duration.ofSeconds(6));
    issuers.verify(token);
  }

  @Test
  void theSkewIsConfigured() {
    try (IssuersFixture strict = new IssuersFixture(
            "mp.jwt.verify.publickey", KEY.publicKey().toJson(), "chat.tokens.clock-skew", "0s")
        .start()) {
      strict.requireInvalid(KEY.token("exp", now() - 1), "exp");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1790000000000",
        "1000000000000000000",
        "9223372036854775807",
        "99999999999999999999999",
        "1e300",
        "1e400",
        "-5",
        "-1e400",
        "\"1900000000\"",
        "true",
        "[]",
        "{}"
      })
  void timesThatAreNoneAreInvalid(String time) {
    for (String claim : List.of("exp", "nbf", "iat")) {
      String exp = claim.equals("exp") ? "" : ",\"exp\":" + (now() + 60);
      issuers.requireInvalid(
          KEY.signed("{\"sub\":\"7\",\"" + claim + "\":" + time + exp + "}"), claim);
    }
  }

  @Test
  void timesMayHaveFractions() {
    Principal who = issuers.verify(
        KEY.signed("{\"sub\":\"7\",\"iat\":1700000000.75,\"exp\":" + (now() + 60) + ".5}"));
    assertThat(who.issuedAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
  }

  @Test
  void aTokenMustEnd() {
    issuers.requireInvalid(KEY.token("exp", null), "exp", "missing");
  }

  @Test
  void aTokenMayBeTooOld() {
    try (IssuersFixture young = new IssuersFixture(
            "mp.jwt.verify.publickey", KEY.publicKey().toJson(), "mp.jwt.verify.token.age", "300")
        .start()) {
      young.verify(KEY.token("iat", now() - 290));
      young.requireInvalid(KEY.token("iat", now() - 320), "iat");
      young.requireInvalid(KEY.token("iat", null), "iat");
    }
  }

  // --- who

  @ParameterizedTest
  @CsvSource({
    "42, 42",
    "-7, -7",
    "9223372036854775808, 9223372036854775808",
    "\"auth0|5f7c8ec7\", auth0|5f7c8ec7",
    "\"ann+chat@example.com\", ann+chat@example.com"
  })
  void aSubIsAnIntegerOrAnId(String sub, String userId) {
    Principal who = issuers.verify(KEY.signed("{\"sub\":" + sub + ",\"exp\":4000000000}"));
    assertThat(who.userId()).isEqualTo(userId);
    assertThat(who.userName()).isEqualTo(userId);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0", "1e3", "true", "null", "[1]", "\"\"", "\"a b\"", "\"{a}\"", "\"a/b\"", "\"ä\""
      })
  void anythingElseIsNone(String sub) {
    issuers.requireInvalid(KEY.signed("{\"sub\":" + sub + ",\"exp\":4000000000}"), "sub");
  }

  @Test
  void numbersOfAnySizeAdmitToTheirTickets() {
    Principal who = issuers.verify(KEY.signed("{\"sub\":\"7\",\"exp\":4000000000,\"tickets\":"
        + "[7,9223372036854775808,18446744073709551616000,\"a\",1.5,1e3,null,[8],\"x|y\"]}"));
    assertThat(who.tickets())
        .containsExactlyInAnyOrder("7", "9223372036854775808", "18446744073709551616000", "a");
  }

  // --- groups

  @Test
  void groupsAreAnArrayOrOneWord() {
    assertThat(issuers.verify(KEY.token("groups", List.of("x", "admin"))).admin())
        .isTrue();
    assertThat(issuers.verify(KEY.token("groups", "service")).service()).isTrue();
  }

  @Test
  void whatIsSomethingElseGrantsNothing() {
    for (Object groups : List.of(
        "admin service",
        " admin",
        "admin ",
        "admin,service",
        "admin\tservice",
        "Admin",
        List.of("admin service"),
        List.of(List.of("admin", "service")),
        Map.of("admin", true),
        7)) {
      Principal who = issuers.verify(KEY.token("groups", groups));
      assertThat(who.admin() || who.service()).as("%s", groups).isFalse();
    }
  }

  // --- form

  @Test
  void whatIsNoSignedTokenIsInvalid() {
    String good = KEY.token();
    String[] parts = good.split("\\.");
    for (String token : List.of(
        "", "x", "..", "a.b.c", parts[0] + "." + parts[1] + ".", good + ".x", good + ".x.y")) {
      issuers.requireInvalid(token);
    }
    issuers.requireInvalid(good.repeat(40), "too long");
    issuers.requireInvalid(KEY.signed("not json"), "not a signed JWT");
    issuers.requireInvalid(KEY.signed("[]"), "not a signed JWT");
    issuers.requireInvalid(KEY.signed("{\"sub\":\"7\",\"sub\":\"8\",\"exp\":4000000000}"));
  }

  @Test
  void theAlgorithmIsTheIssuersToChoose() {
    try (IssuersFixture narrow = new IssuersFixture(
            "mp.jwt.verify.publickey",
            KEY.publicKey().toJson(),
            "mp.jwt.verify.publickey.algorithm",
            "ES256")
        .start()) {
      narrow.requireInvalid(KEY.token(), "alg");
    }
  }

  @Test
  void noSecretIsInAMessageOrLog() {
    List<String> tokens = List.of(
        KEY.token("exp", now() - 3600, "name", "Ann Secret"),
        Key.of("k").token("name", "Ann Secret"),
        KEY.token("name", "Ann Secret") + "\n",
        KEY.token("sub", "Ann Secret"),
        KEY.signed("Ann Secret"));
    try (LogLines ours = new LogLines();
        LogLines library = new LogLines("org.jose4j")) {
      for (String token : tokens) {
        ChatException problem = issuers.refused(token);
        assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_TOKEN);
        assertThat(problem.getMessage()).doesNotContain(token.substring(20, 60), "Secret");
      }
      for (LogLines lines : List.of(ours, library)) {
        for (String token : tokens) {
          assertThat(lines.all())
              .noneMatch(line -> line.contains(token.substring(20, 60)) || line.contains("Secret"));
        }
      }
    }
  }
}
