package dev.chatgateway.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * The issuers whose tokens are accepted, each by a name of its own, which logs and metrics show. The
 * issuer of {@code mp.jwt.verify.*} and {@code CHAT_JWT_PUBLIC_KEY} is one more, named {@code
 * default}.
 */
@ConfigMapping(prefix = "chat.issuers")
public interface IssuersConfig {
  /** The issuers by name. */
  @WithParentName
  Map<String, @Valid Issuer> issuers();

  /** One issuer. */
  interface Issuer {
    /**
     * Where its public keys are: a file (PEM or JWKS), {@code classpath:} and a resource, or an
     * {@code https} address (JWKS). They are read again every {@link KeysConfig#refresh}.
     */
    @NotBlank String location();

    /**
     * The {@code iss} of its tokens, by which the issuer of a token is found. May be missing only
     * where there is no other issuer; it is not checked then.
     */
    Optional<String> issuer();

    /** A token's {@code aud} must hold one of these. Not checked unless set. */
    Optional<Set<String>> audience();

    /**
     * What its tokens may grant: {@code admin}, {@code service}, both, or {@code none}. A group that
     * is not among these grants nothing.
     */
    @WithDefault("admin,service")
    Set<String> groups();

    /**
     * Signature algorithms its tokens may use. {@code HS256} and the like need a JWKS with a key of
     * type {@code oct}, and can't be mixed with others.
     */
    @WithDefault("RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA")
    Set<String> algorithms();

    /** How long after its {@code iat} a token is accepted, whatever its {@code exp}. */
    Optional<@DurationMin(millis = 1000) Duration> tokenAge();

    /** How often its keys are read again, in place of {@code chat.keys.refresh}. */
    Optional<@DurationMin(millis = 1000) Duration> refresh();

    /** How long its keys are kept on error, in place of {@code chat.keys.keep}. */
    Optional<@DurationMin(millis = 1000) Duration> keep();

    /** A TLS configuration of Quarkus, for an address with a certificate authority of its own. */
    Optional<String> tlsConfigurationName();

    /** How its claims are called. */
    Claims claims();
  }

  /** See {@link Issuer#claims()}. */
  interface Claims {
    /**
     * The claim with the user's id. Of a claim inside another, the path: {@code
     * realm_access/roles}.
     */
    @WithDefault("sub")
    @NotBlank String userId();

    /** The claim with the user's name. */
    @WithDefault("name")
    @NotBlank String name();

    /** The claim with the groups. */
    @WithDefault("groups")
    @NotBlank String groups();

    /** The claim with the tickets that a customer may enter. */
    @WithDefault("tickets")
    @NotBlank String tickets();
  }
}
