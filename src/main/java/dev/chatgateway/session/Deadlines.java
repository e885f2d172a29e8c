package dev.chatgateway.session;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * What a client has to do in time: bring a token, bring a newer one before that ends, and give signs
 * of life. Reminds it of the latter two, and closes its session where it doesn't. Owns since when it
 * is waited for. On the session's loop only.
 */
final class Deadlines {
  private static final int MAX_BUSY_FACTOR = 6;

  private final Session session;
  private final Outbound out;
  private final Sessions sessions;
  private long tokenAwaitedNanos; // since when
  private long newerEndsMs; // of a token that is not stored yet; 0 where there is none
  private long keyUnknownSinceNanos = TokenVerifier.NOT_BEFORE;
  private boolean tokenOver;
  private long lastHeardNanos;
  private boolean pinged;
  private boolean warned;

  Deadlines(Session session, Outbound out, Sessions sessions, long nowNanos) {
    this.session = session;
    this.out = out;
    this.sessions = sessions;
    this.tokenAwaitedNanos = nowNanos;
    this.lastHeardNanos = nowNanos;
  }

  /** The client gave a sign of life. */
  void heard() {
    lastHeardNanos = System.nanoTime();
    pinged = false;
  }

  /** See {@link Session#awaitTokenAnew}. */
  void awaitTokenAnew(Instant end) {
    tokenAwaitedNanos = System.nanoTime();
    newerEndsMs = end.toEpochMilli();
  }

  /** See {@link Session#keyUnknown}. */
  void keyUnknown(long nowNanos, long retryAfterMs) {
    if (keyUnknownSinceNanos == TokenVerifier.NOT_BEFORE) {
      keyUnknownSinceNanos = nowNanos;
    }
    tokenAwaitedNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(Math.max(0, retryAfterMs));
    newerEndsMs = Long.MAX_VALUE; // not known before its signature holds
  }

  /** See {@link Session#keyUnknownSinceNanos}. */
  long keyUnknownSinceNanos() {
    return keyUnknownSinceNanos;
  }

  /** See {@link Session#tokenRefused}. */
  void tokenRefused() {
    newerEndsMs = 0;
  }

  /** See {@link Session#isTokenOver}. */
  boolean isTokenOver() {
    return tokenOver;
  }

  /** The client has brought a token that is good. */
  void authenticated() {
    warned = false;
    newerEndsMs = 0;
    tokenOver = false;
    keyUnknownSinceNanos = TokenVerifier.NOT_BEFORE;
  }

  /** Does what is due; to be called again and again while the session is not closed. */
  void check(LimitsConfig limits, long nowNanos, long nowMs) {
    if (tokenIsInTime(limits, nowNanos, nowMs)) {
      checkHeartbeat(limits, nowNanos);
    }
  }

  private boolean tokenIsInTime(LimitsConfig limits, long nowNanos, long nowMs) {
    Principal who = session.principal();
    if (who == null) {
      if (!comesInTime(limits, nowNanos)) {
        session.close(Endings.noTokenInTime());
        return false;
      }
      return true;
    }
    tokenOver |= who.endsAt().toEpochMilli() <= nowMs; // for good, although the clock may go back
    if (tokenOver) {
      if (newerEndsMs > nowMs && comesInTime(limits, nowNanos)) {
        return true;
      }
      session.close(Endings.tokenExpired());
      return false;
    }
    long left = who.expiresAt().toEpochMilli() - nowMs;
    if (!warned && left <= limits.tokenWarning().toMillis()) {
      warned = true;
      session.send(ServerEvents.tokenExpiring(who.expiresAt(), Duration.ofMillis(left)));
    }
    return true;
  }

  private boolean comesInTime(LimitsConfig limits, long nowNanos) {
    if (sessions.isDegraded()) {
      tokenAwaitedNanos = nowNanos; // no token can be taken without the store
    }
    // A token that is being looked at came in time, unless that takes absurdly long.
    long timeout =
        limits.authenticationTimeout().toNanos() * (session.turns().isBusy() ? MAX_BUSY_FACTOR : 1);
    return nowNanos - tokenAwaitedNanos <= timeout;
  }

  private void checkHeartbeat(LimitsConfig limits, long nowNanos) {
    long silent = nowNanos - lastHeardNanos;
    if (!pinged && silent > limits.pingInterval().toNanos()) {
      pinged = true;
      out.ping();
    } else if (pinged
        && silent > limits.pingInterval().toNanos() + limits.pongTimeout().toNanos()) {
      session.close(CloseCode.NO_PONG);
    }
  }
}
