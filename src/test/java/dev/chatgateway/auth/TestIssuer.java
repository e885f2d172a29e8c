package dev.chatgateway.auth;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Makes keys, and tokens with whatever claims. */
final class TestIssuer {
  private TestIssuer() {}

  /** A key pair of that name, or of none. */
  record Key(PublicJsonWebKey pair) {
    static Key of(String kid) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
        key.setPrivateKey(pair.getPrivate());
        key.setKeyId(kid);
        return new Key(key);
      } catch (NoSuchAlgorithmException | JoseException e) {
        throw new AssertionError(e);
      }
    }

    JsonWebKey publicKey() {
      try {
        return JsonWebKey.Factory.newJwk(pair.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
      } catch (JoseException e) {
        throw new AssertionError(e);
      }
    }

    /** A token of the user 7 for an hour, whose claims are changed so; null takes one away. */
    String token(Object... claims) {
      long now = Instant.now().getEpochSecond();
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("sub", "7");
      all.put("iat", now);
      all.put("exp", now + 3600);
      for (int i = 0; i < claims.length; i += 2) {
        all.put((String) claims[i], claims[i + 1]);
      }
      all.values().removeIf(value -> value == null);
      return signed(JsonUtil.toJson(all));
    }

    /** A token with that text for its claims. */
    String signed(String claims) {
      JsonWebSignature signature = new JsonWebSignature();
      signature.setPayload(claims);
      signature.setAlgorithmHeaderValue("RS256");
      if (pair.getKeyId() != null) {
        signature.setKeyIdHeaderValue(pair.getKeyId());
      }
      signature.setKey(pair.getPrivateKey());
      try {
        return signature.getCompactSerialization();
      } catch (JoseException e) {
        throw new AssertionError(e);
      }
    }
  }
}
