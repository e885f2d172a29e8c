package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.protocol.CloseCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A token that ends while a newer one can't be stored. */
class DeadlinesTest {
  private static final Duration PAST_THE_END = SessionFixture.TOKEN_LIFETIME.plusSeconds(1);
  // Of a newer token, which the client has to repeat.
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final SessionFixture fixture = new SessionFixture();
  private final SessionFixture.Sent sent = new SessionFixture.Sent();
  private final Session session = fixture.session("7", false, sent);

  @AfterEach
  void end() throws Exception {
    fixture.close();
  }

  @Test
  void withoutANewerOneTheEndIsTheEnd() {
    tick(Duration.ZERO, PAST_THE_END);
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void aNewerOneThatCameInTimeKeepsTheConnectionAndNothingElse() {
    newer(Duration.ofMinutes(5));
    tick(Duration.ofSeconds(1), Duration.ZERO);
    assertThat(session.isTokenOver()).isFalse();

    tick(Duration.ofSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isNull();
    assertThat(session.isTokenOver()).isTrue();

    fixture.authenticate(session, "7", false);
    tick(TIMEOUT.plusSeconds(1), Duration.ZERO);
    assertThat(sent.closed).isNull();
    assertThat(session.isTokenOver()).isFalse();
  }

  @Test
  void whoRepeatsItNotInTimeIsClosed() {
    newer(Duration.ofMinutes(5));
    tick(TIMEOUT.plusSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void theTimeBeginsAnewWhenTheStoreIsBack() {
    newer(Duration.ofMinutes(5));
    fixture.sessions().setDegraded(true);
    tick(Duration.ofMinutes(2), PAST_THE_END);
    fixture.sessions().setDegraded(false);
    tick(Duration.ofMinutes(2).plus(TIMEOUT).minusSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isNull();

    tick(Duration.ofMinutes(2).plus(TIMEOUT).plusSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void theNewerOnesEndIsTheEnd() {
    newer(PAST_THE_END.minusMillis(500));
    tick(Duration.ofSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void aNewerOneThatWasRefusedIsNone() {
    newer(Duration.ofMinutes(5));
    session.tokenRefused();
    tick(Duration.ofSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void aTokenWhoseKeyIsNotKnownBeginsTheTimeAnew() {
    Session stranger = fixture.stranger(sent);
    stranger.keyUnknown(3000);
    tick(stranger, Duration.ofSeconds(3).plus(TIMEOUT).minusSeconds(1), Duration.ZERO);
    assertThat(sent.closed).isNull();

    tick(stranger, Duration.ofSeconds(3).plus(TIMEOUT).plusSeconds(1), Duration.ZERO);
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void norIsAConnectionClosedForTheEndOfTheOneBefore() {
    session.keyUnknown(0);
    tick(Duration.ofSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isNull();
    assertThat(session.isTokenOver()).isTrue();

    tick(TIMEOUT.plusSeconds(1), PAST_THE_END);
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void sinceWhenAKeyIsUnknownEndsWithATokenThatIsTaken() {
    assertThat(session.keyUnknownSinceNanos()).isEqualTo(TokenVerifier.NOT_BEFORE);
    session.keyUnknown(0);
    long since = session.keyUnknownSinceNanos();
    session.tokenRefused();
    session.keyUnknown(0);
    assertThat(session.keyUnknownSinceNanos()).isEqualTo(since);

    fixture.authenticate(session, "7", false);
    assertThat(session.keyUnknownSinceNanos()).isEqualTo(TokenVerifier.NOT_BEFORE);
  }

  @Test
  void theSkewIsPartOfTheTokensTime() {
    fixture.authenticate(session, "7", Duration.ofSeconds(10));
    tick(Duration.ofSeconds(1), SessionFixture.TOKEN_LIFETIME.plusSeconds(9));
    assertThat(sent.closed).isNull();
    assertThat(session.isTokenOver()).isFalse();

    tick(Duration.ofSeconds(1), SessionFixture.TOKEN_LIFETIME.plusSeconds(11));
    assertThat(sent.closed).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  private void newer(Duration lifetime) {
    session.awaitTokenAnew(Instant.now().plus(lifetime));
  }

  /** So much later, by the clock that runs evenly and by the one that tokens go by. */
  private void tick(Duration later, Duration byTheClock) {
    tick(session, later, byTheClock);
  }

  private void tick(Session session, Duration later, Duration byTheClock) {
    session.heard();
    session.tick(
        fixture.limits(),
        System.nanoTime() + later.toNanos(),
        System.currentTimeMillis() + byTheClock.toMillis());
  }
}
