package dev.chatgateway.auth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/** Reads public keys: a JWKS, one JWK, or a key or certificate as PEM. */
final class KeyFormat {
  private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

  private KeyFormat() {}

  /**
   * The keys that are there, one at least.
   *
   * @throws IOException where there are none
   */
  static List<JsonWebKey> parse(byte[] content) throws IOException {
    String text = new String(content, StandardCharsets.UTF_8).strip();
    List<JsonWebKey> keys = text.startsWith("{") ? json(text) : List.of(pem(text));
    List<JsonWebKey> usable =
        keys.stream().filter(key -> !"enc".equals(key.getUse())).toList();
    if (usable.isEmpty()) {
      throw new IOException("it holds no public key, neither PEM nor JWKS");
    }
    return usable;
  }

  private static List<JsonWebKey> json(String text) throws IOException {
    try {
      return JsonUtil.parseJson(text).containsKey("keys")
          ? new JsonWebKeySet(text).getJsonWebKeys()
          : List.of(JsonWebKey.Factory.newJwk(text));
    } catch (JoseException | RuntimeException e) {
      throw new IOException("it is no key set"); // the cause would quote it
    }
  }

  private static JsonWebKey pem(String text) throws IOException {
    byte[] der;
    try {
      der = Base64.getMimeDecoder()
          .decode(text.replaceAll("-----(BEGIN|END) [A-Z0-9 ]{1,40}-----", ""));
    } catch (IllegalArgumentException e) {
      throw none();
    }
    try {
      return JsonWebKey.Factory.newJwk(
          text.contains("BEGIN CERTIFICATE") ? ofCertificate(der) : key(der));
    } catch (GeneralSecurityException | JoseException e) {
      throw none();
    }
  }

  private static PublicKey ofCertificate(byte[] der) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der))
        .getPublicKey();
  }

  private static PublicKey key(byte[] der) throws GeneralSecurityException {
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException another) {
        // perhaps the next
      }
    }
    return ofCertificate(der); // without its header
  }

  private static IOException none() {
    return new IOException("it holds no public key, neither PEM nor JWKS");
  }
}
