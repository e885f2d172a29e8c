package dev.chatgateway.auth;

import dev.chatgateway.protocol.ChatException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Turns a token into who it is of. */
@FunctionalInterface
public interface TokenVerifier {
  /** For {@code unknownSinceNanos}: the caller brings no token again. */
  long NOT_BEFORE = Long.MIN_VALUE;

  /**
   * Checks signature, issuer and times of a token. Computes: don't call it on an event loop. It does
   * not block; where the keys have to be read first, the stage completes later, on any thread.
   *
   * @param unknownSinceNanos when the caller first got {@code unavailable} for a token, by {@link
   *     System#nanoTime}; {@link #NOT_BEFORE} where it hasn't. A key that is not in a set read since
   *     then is taken as unknown
   * @return fails with a {@link ChatException}: {@code invalid_token} where the token does not hold,
   *     {@code unavailable} where that can't be known now
   */
  CompletionStage<Principal> verify(String token, long unknownSinceNanos);

  /** The same, of a caller who has brought no token before. */
  default CompletionStage<Principal> verify(String token) {
    return verify(token, NOT_BEFORE);
  }

  /** A verifier that knows at once. */
  static TokenVerifier atOnce(Function<String, Principal> verify) {
    return (token, unknownSince) -> {
      try {
        return CompletableFuture.completedFuture(verify.apply(token));
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    };
  }
}
