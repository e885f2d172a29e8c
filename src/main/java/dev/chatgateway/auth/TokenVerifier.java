package dev.chatgateway.auth;

import dev.chatgateway.protocol.ChatException;

/** Turns a token into who it is of. */
@FunctionalInterface
public interface TokenVerifier {
  /**
   * Checks signature, issuer and time of a token. May block (keys may have to be fetched): never
   * call it on an event loop.
   *
   * @throws ChatException {@code invalid_token} where it does not hold
   */
  Principal verify(String token);
}
