package dev.chatgateway.presence;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;

/** The rate of messages of a user, over all their connections on all pods. */
public final class UserMessageRate {
  private final UserStore users;
  private final LimitsConfig.Rate rate;

  public UserMessageRate(UserStore users, LimitsConfig.Rate rate) {
    this.users = users;
    this.rate = rate;
  }

  /**
   * Takes one message of the session's user off the rate; fails with {@code rate_limited} where there
   * are too many. A user's only connection is limited by itself, and more strictly.
   */
  public Future<Void> spend(Session session) {
    if (session.user() == null || session.user().connections() < 2) {
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
}
