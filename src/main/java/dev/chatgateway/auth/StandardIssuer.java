package dev.chatgateway.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * The one issuer that the standard properties {@code mp.jwt.verify.*} describe, and their namesakes
 * of SmallRye JWT.
 */
final class StandardIssuer {
  private static final Logger LOG = Logger.getLogger(StandardIssuer.class);

  static final String NAME = "default";
  static final String KEY = "mp.jwt.verify.publickey";
  static final String LOCATION = "mp.jwt.verify.publickey.location";

  private static final Set<String> KNOWN = Set.of(
      KEY,
      LOCATION,
      "mp.jwt.verify.publickey.algorithm",
      "mp.jwt.verify.issuer",
      "mp.jwt.verify.audiences",
      "mp.jwt.verify.clock.skew",
      "mp.jwt.verify.token.age",
      "smallrye.jwt.verify.key.location",
      "smallrye.jwt.verify.algorithm",
      "smallrye.jwt.path.sub",
      "smallrye.jwt.path.groups");
  // Of making tokens, which tests and dev mode do.
  private static final List<String> OTHERS = List.of(
      "smallrye.jwt.sign.",
      "smallrye.jwt.encrypt.",
      "smallrye.jwt.decrypt.",
      "smallrye.jwt.new.token.");

  private static final String TUNING = "smallrye.jwt.jwks.";

  private StandardIssuer() {}

  /** The issuer; empty where no key is configured. */
  static Optional<Issuer> of(Config config) {
    String location = value(config, LOCATION)
        .or(() -> value(config, "smallrye.jwt.verify.key.location"))
        .orElse(null);
    String content = value(config, KEY).orElse(null);
    if (location == null && content == null) {
      return Optional.empty();
    }
    Set<String> algorithms = value(config, "mp.jwt.verify.publickey.algorithm")
        .or(() -> value(config, "smallrye.jwt.verify.algorithm"))
        .map(StandardIssuer::list)
        .orElse(Issuer.ALGORITHMS);
    return Optional.of(new Issuer(
        NAME,
        new Issuer.Keys(location, location == null ? content : null, null, null, null),
        value(config, "mp.jwt.verify.issuer").orElse(null),
        value(config, "mp.jwt.verify.audiences").map(StandardIssuer::list).orElse(Set.of()),
        Issuer.GROUPS,
        algorithms,
        config
            .getOptionalValue("mp.jwt.verify.token.age", Long.class)
            .filter(seconds -> seconds > 0)
            .map(Duration::ofSeconds)
            .orElse(null),
        new Issuer.Claims(
            value(config, "smallrye.jwt.path.sub").orElse("sub"),
            "name",
            value(config, "smallrye.jwt.path.groups").orElse("groups"),
            "tickets")));
  }

  /** Properties that are set, would have changed who is let in, and have no effect. */
  static List<String> ignored(Config config) {
    List<String> ignored = new ArrayList<>();
    Set<String> known = KNOWN.stream().map(StandardIssuer::plain).collect(Collectors.toSet());
    for (String name : config.getPropertyNames()) {
      String plain = plain(name);
      if ((plain.startsWith("mp.jwt.") || plain.startsWith("smallrye.jwt."))
          && !known.contains(plain)
          && OTHERS.stream().noneMatch(plain::startsWith)
          && value(config, name).isPresent()) {
        if (plain.startsWith(TUNING)) {
          LOG.warnf("%s has no effect any more: see chat.keys in docs/configuration.md", name);
        } else {
          ignored.add(name);
        }
      }
    }
    return ignored;
  }

  // Environment variables have no dots.
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ".");
  }

  private static Optional<String> value(Config config, String name) {
    return config
        .getOptionalValue(name, String.class)
        .map(String::strip)
        .filter(value -> !value.isEmpty() && !value.equals("NONE"));
  }

  private static Set<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
