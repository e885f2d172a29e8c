package dev.chatgateway.presence;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs what pods say of themselves and to each other, with the secret that all of them share. */
public final class PeerSecret {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String UNSIGNED = "-";

  private final Optional<SecretKeySpec> key;

  public PeerSecret(PeersConfig config) {
    key = config
        .secret()
        .map(text -> new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM));
  }

  /** Returns whether there is a secret; without one nothing is proved. */
  public boolean isPresent() {
    return key.isPresent();
  }

  /**
   * Returns the HMAC-SHA256 of the fields in hex, or a dash without a secret.
   *
   * @param fields contain no line feed
   */
  public String sign(String... fields) {
    return key.map(secret -> hmac(secret, String.join("\n", fields))).orElse(UNSIGNED);
  }

  /** Returns whether that is what {@link #sign} returns, in a time that does not depend on it. */
  public boolean isSignature(String given, String... fields) {
    return MessageDigest.isEqual(
        sign(fields).getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static String hmac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
