package dev.chatgateway.auth;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** All issuers that are configured, one way or the other, once seen to make sense together. */
final class IssuerSettings {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Set<String> SYMMETRIC = Set.of("HS256", "HS384", "HS512");

  private IssuerSettings() {}

  /**
   * The issuers; none where none is configured.
   *
   * @throws ConfigurationException where they make no sense; says what to change
   */
  static List<Issuer> of(IssuersConfig config, Config all) {
    List<String> ignored = StandardIssuer.ignored(all);
    if (!ignored.isEmpty()) {
      throw new ConfigurationException(
          String.join(", ", ignored) + ": the gateway does not know this property, and without it"
              + " might let in whom it should not. What there is instead is in"
              + " docs/configuration.md, chat.issuers and chat.keys.\n");
    }
    List<Issuer> issuers = new ArrayList<>();
    StandardIssuer.of(all).ifPresent(issuers::add);
    config.issuers().forEach((name, issuer) -> issuers.add(Issuer.of(name, issuer)));
    Set<String> names = new HashSet<>();
    Set<String> iss = new HashSet<>();
    for (Issuer issuer : issuers) {
      check(issuer);
      require(names.add(issuer.name()), issuer, "is there twice: also by mp.jwt.verify.*");
      require(
          issuers.size() == 1 || issuer.iss() != null,
          issuer,
          "needs its issuer, as there are several: tokens are told apart by their iss ("
              + (issuer.name().equals(StandardIssuer.NAME)
                  ? "MP_JWT_VERIFY_ISSUER"
                  : "chat.issuers." + issuer.name() + ".issuer")
              + ")");
      require(iss.add(issuer.iss()), issuer, "has the same issuer (iss) as another");
    }
    return issuers;
  }

  private static void check(Issuer issuer) {
    require(
        NAME.matcher(issuer.name()).matches(),
        issuer,
        "has a name with other than A-Z a-z 0-9 _ . -");
    for (String algorithm : issuer.algorithms()) {
      require(
          Issuer.ALGORITHMS.contains(algorithm) || SYMMETRIC.contains(algorithm),
          issuer,
          "has an algorithm that is not known: " + algorithm);
    }
    require(!issuer.algorithms().isEmpty(), issuer, "has no algorithms");
    require(
        SYMMETRIC.containsAll(issuer.algorithms())
            || issuer.algorithms().stream().noneMatch(SYMMETRIC::contains),
        issuer,
        "mixes HS256, HS384 or HS512 with other algorithms");
    for (String group : issuer.groups()) {
      require(
          Issuer.GROUPS.contains(group) || group.equals("none"),
          issuer,
          "has a group that is none of admin, service and none: " + group);
    }
  }

  private static void require(boolean holds, Issuer issuer, String problem) {
    if (!holds) {
      throw new ConfigurationException("Issuer " + issuer.name() + " " + problem + ".\n");
    }
  }
}
