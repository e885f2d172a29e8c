package dev.chatgateway.ticket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Names what a retry is known by: the first 16 bytes of a SHA-256, so that the key takes as little of
 * Redis whatever a sender chooses. Parts are separated by line feeds, which no id can hold.
 */
final class DedupeKey {
  /** The key of a message without one. */
  static final byte[] NONE = {};

  private static final int LENGTH = 16;

  private DedupeKey() {}

  /** Returns the key of a client's message, which is its user's. */
  static byte[] ofClientId(String userId, String clientId) {
    return hash("c\n" + userId + "\n" + clientId);
  }

  /** Returns the key of a call by the ticket system. */
  static byte[] ofIdempotencyKey(String key) {
    return hash("k\n" + key);
  }

  /** Returns the key of a message whose id the ticket system has chosen. */
  static byte[] ofId(String id) {
    return hash("i\n" + id);
  }

  private static byte[] hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
