package dev.chatgateway.presence;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;
import java.time.Duration;

/** The rate of messages of a user, over all their connections on all pods. */
public final class UserMessageRate {
  private final UserStore users;
  private final LimitsConfig.Rate rate;
  private final long refillNanos;

  public UserMessageRate(UserStore users, LimitsConfig.Rate rate) {
    this.users = users;
    this.rate = rate;
    this.refillNanos = Duration.ofSeconds(rate.burst()).toNanos() / rate.perSecond();
  }

  /**
   * Takes one message of the session's user off the rate; fails with {@code rate_limited} where there
   * are too many. A user's only connection is limited by itself, and more strictly, once the rate
   * would have recovered from all the user may have sent before: a connection begins with a burst of
   * its own, which who connects again and again would have each time.
   */
  public Future<Void> spend(Session session) {
    if (isAlone(session)) {
      return Future.succeededFuture();
    }
    return users
        .spend(session.loop().redis(), session.principal().userId(), rate.perSecond(), rate.burst())
        // In a cluster the user's shard may be down and the ticket's up; the connection has its
        // own.
        .recover(away -> Future.succeededFuture(0L))
        .map(waitMs -> {
          if (waitMs > 0) {
            throw ChatException.rateLimited("too many messages of this user", waitMs);
          }
          return null;
        });
  }

  // Since it authenticated: connections that wait with their token could be kept in store.
  private boolean isAlone(Session session) {
    return session.user() != null
        && session.user().connections() < 2
        && System.nanoTime() - session.authenticatedNanos() > refillNanos;
  }
}
