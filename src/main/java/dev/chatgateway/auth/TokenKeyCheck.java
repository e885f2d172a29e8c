package dev.chatgateway.auth;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/**
 * Stops a pod at start in production if it has no key to verify tokens with, or a key that can't be
 * read: the pod would seem well and refuse everybody. An address is no reason to stop: its keys may
 * come later.
 */
@Singleton
@IfBuildProfile("prod")
public class TokenKeyCheck {
  private static final int MAX_BYTES = 64 << 20;

  private final IssuersConfig issuers;
  private final Config config;

  TokenKeyCheck(IssuersConfig issuers, Config config) {
    this.issuers = issuers;
    this.config = config;
  }

  void check(@Observes @Priority(1) StartupEvent starting) {
    List<Issuer> all = IssuerSettings.of(issuers, config);
    if (all.isEmpty()) {
      throw new ConfigurationException("""
          No public key to verify tokens with is configured, and so nobody could connect.
          Set CHAT_JWT_PUBLIC_KEY to where the one who issues your tokens has it:
            a file, PEM or JWKS:  CHAT_JWT_PUBLIC_KEY=/etc/chat-gateway/jwt-public.pem
            an address, JWKS:     CHAT_JWT_PUBLIC_KEY=https://issuer.example.com/.well-known/jwks.json
          Or configure several issuers: chat.issuers.<name>.location, chat.issuers.<name>.issuer.
          To only try the gateway, no key is needed: ./mvnw quarkus:dev
          """);
    }
    all.forEach(TokenKeyCheck::check);
  }

  private static void check(Issuer issuer) {
    Issuer.Keys keys = issuer.keys();
    if (keys.isAddress()) {
      return;
    }
    byte[] content;
    if (keys.content() != null) {
      content = keys.content().getBytes(StandardCharsets.UTF_8);
    } else {
      try {
        content = new FileKeys(keys.location(), MAX_BYTES, null, null).now();
      } catch (RuntimeException e) {
        // Without its cause, which Quarkus would print many lines of.
        throw new ConfigurationException("The public key to verify tokens with can't be read from "
            + keys.location() + " (" + property(issuer) + "): " + IssuerKeys.reason(e) + ".\n"
            + "Is the file there, inside the container too, and may this user read it?\n");
      }
    }
    try {
      KeyFormat.parse(content);
    } catch (Exception e) {
      throw new ConfigurationException("No public key to verify tokens with is in "
          + (keys.content() == null ? keys.location() : StandardIssuer.KEY)
          + " (" + property(issuer) + "): " + e.getMessage() + ".\n");
    }
  }

  private static String property(Issuer issuer) {
    return issuer.name().equals(StandardIssuer.NAME)
        ? "CHAT_JWT_PUBLIC_KEY, or " + StandardIssuer.LOCATION
        : "chat.issuers." + issuer.name() + ".location";
  }
}
