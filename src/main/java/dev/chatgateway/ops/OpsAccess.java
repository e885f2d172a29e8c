package dev.chatgateway.ops;

import dev.chatgateway.auth.BearerToken;
import dev.chatgateway.auth.Principal;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;

/** Who may look at the pods: support staff and the ticket system, as their token says. */
final class OpsAccess {
  private static final int MAX_TOKEN_LENGTH = 12_000;

  private final TokenVerifier verifier;

  OpsAccess(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  /**
   * Checks an {@code Authorization} header. May block, as the verifier may.
   *
   * @throws ChatException {@code unauthenticated} without a bearer token, {@code invalid_token} with
   *     a bad one, {@code forbidden} with a customer's
   */
  void check(String authorization) {
    String token = BearerToken.of(authorization);
    if (token == null || token.isEmpty()) {
      throw new ChatException(
          ErrorCode.UNAUTHENTICATED, "a token is needed: Authorization: Bearer …");
    }
    if (token.length() > MAX_TOKEN_LENGTH) {
      throw new ChatException(ErrorCode.INVALID_TOKEN, "the token is too long");
    }
    Principal who = verifier.verify(token);
    if (!who.admin() && !who.service()) {
      throw new ChatException(
          ErrorCode.FORBIDDEN, "the token's groups hold neither admin nor service");
    }
  }
}
