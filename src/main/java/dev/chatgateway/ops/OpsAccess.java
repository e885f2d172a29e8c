package dev.chatgateway.ops;

import dev.chatgateway.auth.BearerToken;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import io.vertx.core.Future;

/** Who may look at the pods: support staff and the ticket system, as their token says. */
final class OpsAccess {
  private final TokenVerifier verifier;

  OpsAccess(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  /**
   * Checks an {@code Authorization} header. Computes: not on an event loop.
   *
   * @return fails with {@code unauthenticated} without a bearer token, {@code invalid_token} with a
   *     bad one, {@code unavailable} where that can't be known now, {@code forbidden} with a customer's
   */
  Future<Void> check(String authorization) {
    String token = BearerToken.of(authorization);
    if (token == null || token.isEmpty()) {
      throw new ChatException(
          ErrorCode.UNAUTHENTICATED, "a token is needed: Authorization: Bearer …");
    }
    return Future.fromCompletionStage(verifier.verify(token)).map(who -> {
      if (!who.admin() && !who.service()) {
        throw new ChatException(
            ErrorCode.FORBIDDEN, "the token's groups hold neither admin nor service");
      }
      return null;
    });
  }
}
