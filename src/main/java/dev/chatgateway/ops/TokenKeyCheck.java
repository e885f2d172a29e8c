package dev.chatgateway.ops;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.util.KeyUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;

/**
 * Keeps a pod from starting in production without a key to verify tokens with: it would seem well
 * and refuse everybody.
 */
@Singleton
@IfBuildProfile("prod")
public class TokenKeyCheck {
  private static final Logger LOG = Logger.getLogger(TokenKeyCheck.class);

  private final String location;

  TokenKeyCheck(
      @ConfigProperty(
              name = KeyLocationInterceptor.LOCATION,
              defaultValue = KeyLocationInterceptor.NONE)
          String location) {
    this.location = location;
  }

  void check(@Observes @Priority(1) StartupEvent starting, JWTAuthContextInfo keys) {
    try {
      check(keys);
    } catch (DeploymentException unreadable) {
      // Without its cause, which Quarkus would print many lines of.
      throw new ConfigurationException("The public key to verify tokens with can't be read from "
          + location + " (CHAT_JWT_PUBLIC_KEY, or " + KeyLocationInterceptor.LOCATION + ").\n"
          + "Is the file there, inside the container too, and may this user read it?\n");
    }
  }

  private void check(JWTAuthContextInfo keys) {
    String content = keys.getPublicKeyContent();
    if (content == null
        && keys.getPublicKeyLocation() == null
        && keys.getSecretKeyContent() == null
        && keys.getPublicVerificationKey() == null
        && keys.getSecretVerificationKey() == null) {
      throw new ConfigurationException("""
          No public key to verify tokens with is configured, and so nobody could connect.
          Set CHAT_JWT_PUBLIC_KEY to where the one who issues your tokens has it:
            a file, PEM or JWKS:  CHAT_JWT_PUBLIC_KEY=/etc/chat-gateway/jwt-public.pem
            an address, JWKS:     CHAT_JWT_PUBLIC_KEY=https://issuer.example.com/.well-known/jwks.json
          Or configure it by Quarkus's own properties (mp.jwt.verify.*, smallrye.jwt.verify.*).
          To only try the gateway, no key is needed: ./mvnw quarkus:dev
          """);
    }
    if (content != null && !isKey(content, keys)) {
      LOG.warnf(
          "What %s holds looks like no public key, neither PEM nor JWKS: if so, all tokens will be"
              + " refused",
          location.equals(KeyLocationInterceptor.NONE) ? "mp.jwt.verify.publickey" : location);
    }
  }

  private static boolean isKey(String content, JWTAuthContextInfo keys) {
    List<JsonWebKey> set = KeyUtils.loadJsonWebKeys(content);
    if (set != null && !set.isEmpty()) {
      return true;
    }
    return keys.getSignatureAlgorithm().stream().anyMatch(algorithm -> {
          try {
            return KeyUtils.decodePublicKey(content, algorithm) != null;
          } catch (GeneralSecurityException | RuntimeException e) {
            return false;
          }
        })
        || isCertificate(content);
  }

  private static boolean isCertificate(String content) {
    try {
      return KeyUtils.decodeCertificate(content) != null;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }
}
