package dev.chatgateway.testing;

import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Makes tokens: {@code Tokens.user("7").name("Ana").tickets("1", "2").sign()}. In a
 * {@code @QuarkusTest} they are signed with the key that Quarkus makes for dev mode and tests,
 * elsewhere with that of {@link TestKeys}, which a {@link PodProcess} trusts.
 */
public final class Tokens {
  private final JwtClaimsBuilder claims;
  private final Set<String> groups = new HashSet<>();
  private Instant issuedAt = Instant.now();
  private Instant expiresAt = issuedAt.plus(Duration.ofHours(1));

  private Tokens(String userId) {
    claims = userId == null ? Jwt.claims() : Jwt.subject(userId);
  }

  /** A customer. */
  public static Tokens user(String userId) {
    return new Tokens(userId);
  }

  /** Support staff. */
  public static Tokens admin(String userId) {
    return new Tokens(userId).groups("admin");
  }

  /** The ticket system. */
  public static Tokens service() {
    return new Tokens("ticket-system").groups("service");
  }

  /** A token that doesn't say whose it is. */
  public static Tokens withoutSubject() {
    return new Tokens(null);
  }

  public Tokens name(String name) {
    return claim("name", name);
  }

  public Tokens groups(String... more) {
    groups.addAll(List.of(more));
    return this;
  }

  /** The tickets a customer may enter, as strings or numbers. */
  public Tokens tickets(Object... ids) {
    return claim("tickets", List.of(ids));
  }

  public Tokens claim(String name, Object value) {
    claims.claim(name, value);
    return this;
  }

  public Tokens issuedAt(Instant when) {
    issuedAt = when;
    return this;
  }

  public Tokens expiresAt(Instant when) {
    expiresAt = when;
    return this;
  }

  public Tokens expiresIn(Duration time) {
    return expiresAt(Instant.now().plus(time));
  }

  /** The token, signed by whom the gateway under test trusts. */
  public String sign() {
    return ConfigProvider.getConfig()
            .getOptionalValue("smallrye.jwt.sign.key", String.class)
            .isPresent()
        ? ready().sign()
        : sign(TestKeys.privateKey());
  }

  /** The token, signed with that key. */
  public String sign(PrivateKey key) {
    return ready().jws().sign(key);
  }

  private JwtClaimsBuilder ready() {
    return claims.groups(groups).issuedAt(issuedAt).expiresAt(expiresAt);
  }
}
