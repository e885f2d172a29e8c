package dev.chatgateway.auth;

import java.time.Duration;
import java.util.Set;

/**
 * What is configured of one issuer.
 *
 * @param name as logs and metrics show it
 * @param keys where its keys are
 * @param iss the claim {@code iss} of its tokens; null where it is not checked
 * @param audiences one of which {@code aud} must hold; empty where it is not checked
 * @param groups what its tokens may grant
 * @param algorithms by which its tokens may be signed
 * @param tokenAge how long after {@code iat} a token is accepted; null for any time
 * @param claims how its claims are called
 */
record Issuer(
    String name,
    Keys keys,
    String iss,
    Set<String> audiences,
    Set<String> groups,
    Set<String> algorithms,
    Duration tokenAge,
    Claims claims) {
  /** By which an issuer's tokens may be signed, unless something else is configured. */
  static final Set<String> ALGORITHMS = Set.of(
      "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

  /** All there is to grant. */
  static final Set<String> GROUPS = Set.of("admin", "service");

  /**
   * Where the keys of an issuer are.
   *
   * @param location a file, resource or address; null where the key itself is configured
   * @param content the key that is configured itself, or null
   * @param tls the name of a TLS configuration, or null
   * @param refresh how often they are read; null for as often as all
   * @param keep how long they are kept on error; null for as long as all
   */
  record Keys(String location, String content, String tls, Duration refresh, Duration keep) {
    boolean isAddress() {
      return location != null && (isPlainHttp() || begins("https:"));
    }

    /** Whether that address is read in the clear. */
    boolean isPlainHttp() {
      return location != null && begins("http:");
    }

    private boolean begins(String scheme) {
      return location.regionMatches(true, 0, scheme, 0, scheme.length());
    }
  }

  /** Names of claims, or paths to them. */
  record Claims(String userId, String name, String groups, String tickets) {}

  static Issuer of(String name, IssuersConfig.Issuer config) {
    IssuersConfig.Claims claims = config.claims();
    return new Issuer(
        name,
        new Keys(
            config.location().strip(),
            null,
            config.tlsConfigurationName().orElse(null),
            config.refresh().orElse(null),
            config.keep().orElse(null)),
        config.issuer().orElse(null),
        config.audience().orElse(Set.of()),
        config.groups(),
        config.algorithms(),
        config.tokenAge().orElse(null),
        new Claims(claims.userId(), claims.name(), claims.groups(), claims.tickets()));
  }
}
