package dev.chatgateway.socketio;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Session ids: the owner's pod id, a dot, and 128 random bits that nobody can guess. */
final class Sid {
  private static final Pattern FORM = Pattern.compile("([0-9a-v]{8})\\.[A-Za-z0-9_-]{22}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private Sid() {}

  /** A new one, of a session of that pod. */
  static String of(String podId) {
    return podId + "." + random();
  }

  /** 128 random bits in 22 characters. */
  static String random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The pod that owns the session; empty where that is no session id of ours. */
  static Optional<String> pod(String sid) {
    var match = FORM.matcher(sid);
    return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
  }
}
