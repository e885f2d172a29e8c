package dev.chatgateway.presence;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.auth.UserName;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.session.EventHandler;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;

/** Handles {@code chat_authenticate}: the token decides who a connection is, and nothing else. */
public final class Authentication implements EventHandler {
  private static final int MAX_TOKEN_LENGTH = 12_000;
  private static final int MAX_CLAIMED_NAME = 1000;

  /** What a client says of itself beside its token; null where it says nothing. */
  private record Claim(String userId, String userName, Boolean admin) {
    boolean contradicts(Principal who) {
      return (userId != null && !userId.equals(who.userId()))
          || (userName != null && !UserName.shown(userName, who.userId()).equals(who.userName()))
          || (admin != null && admin != who.admin());
    }
  }

  private final TokenVerifier verifier;
  private final Presence presence;
  private final Consumer<Session> onTokenChanged;

  /**
   * @param onTokenChanged called on the session's loop when an authenticated session has taken a
   *     newer token, which may admit it to less
   */
  public Authentication(
      TokenVerifier verifier, Presence presence, Consumer<Session> onTokenChanged) {
    this.verifier = verifier;
    this.presence = presence;
    this.onTokenChanged = onTokenChanged;
  }

  @Override
  public Future<byte[]> handle(Session session, Fields data) {
    String token = data.string("token", MAX_TOKEN_LENGTH);
    String claimedId = data.optionalUserId("user_id");
    Boolean claimedAdmin = data.has("is_admin") ? data.bool("is_admin") : null;
    String claimedName = data.optionalString("user_name", MAX_CLAIMED_NAME);
    return authenticate(session, token, new Claim(claimedId, claimedName, claimedAdmin));
  }

  /** As the event does, with a token that came some other way. */
  public Future<byte[]> authenticate(Session session, String token) {
    return authenticate(session, token, new Claim(null, null, null));
  }

  private Future<byte[]> authenticate(Session session, String token, Claim claim) {
    return verify(session, token).compose(who -> {
      requireSame(session, who, claim);
      boolean again = session.principal() != null;
      if (again) {
        session.awaitTokenAnew(who.endsAt()); // the one before may end while this is stored
      }
      return presence
          .connect(session, who)
          .onFailure(problem -> {
            if (!(problem instanceof ChatException refused) || refused.code().retry()) {
              session.awaitTokenAnew(who.endsAt());
            } else {
              session.tokenRefused();
            }
          })
          .map(connected -> {
            if (again) {
              onTokenChanged.accept(session);
            }
            return authenticated(session, who);
          });
    });
  }

  private Future<Principal> verify(Session session, String token) {
    Promise<Principal> verified = Promise.promise();
    long unknownSince = session.keyUnknownSinceNanos();
    session
        .loop()
        .context()
        .executeBlocking(() -> verifier.verify(token, unknownSince), false)
        .compose(Future::fromCompletionStage)
        .onComplete(done -> session.loop().run(() -> {
          if (done.cause() instanceof ChatException problem) {
            refused(session, problem);
          }
          verified.handle(done);
        }));
    return verified.future();
  }

  private static void refused(Session session, ChatException problem) {
    if (problem.code() == ErrorCode.UNAVAILABLE) {
      session.keyUnknown(problem.retryAfterMs());
    } else if (session.keyUnknownSinceNanos() != TokenVerifier.NOT_BEFORE) {
      session.tokenRefused();
    }
  }

  private static void requireSame(Session session, Principal who, Claim claim) {
    if (claim.contradicts(who)) {
      throw new ChatException(
          ErrorCode.IDENTITY_MISMATCH,
          "user_id, user_name or is_admin is not what the token says; leave them out");
    }
    if (session.principal() != null && !session.isUser(who.userId())) {
      throw new ChatException(
          ErrorCode.IDENTITY_MISMATCH,
          "this connection is another user's; open a new one for this token");
    }
  }

  private static byte[] authenticated(Session session, Principal who) {
    return new JsonWriter()
        .beginObject()
        .idField("user_id", who.userId())
        .field("user_name", who.userName())
        .field("is_admin", who.admin())
        .field("connection_id", session.id())
        .field("expires_at", Timestamps.iso(who.expiresAt().toEpochMilli()))
        .endObject()
        .toBytes();
  }
}
