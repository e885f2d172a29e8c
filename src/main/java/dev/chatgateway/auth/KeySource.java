package dev.chatgateway.auth;

import java.util.concurrent.CompletableFuture;

/** Where the keys of an issuer are. */
interface KeySource {
  /**
   * Reads what is there. Does not block. Fails where it can't be read, is too large, or takes too
   * long; the message says why and holds no secret.
   */
  CompletableFuture<byte[]> read();

  /** The place, as logs may show it. */
  String shown();
}
