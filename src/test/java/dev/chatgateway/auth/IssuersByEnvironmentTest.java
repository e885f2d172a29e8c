package dev.chatgateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Issuers whose every property comes from a variable of the environment, as in a container. */
class IssuersByEnvironmentTest {
  private static final String KEYS = "https://login.example.com/keys.json";

  private static Map<String, IssuersConfig.Issuer> issuers(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .withSources(new EnvConfigSource(environment, 300))
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(IssuersConfig.class)
        .build()
        .getConfigMapping(IssuersConfig.class)
        .issuers();
  }

  @Test
  void everyPropertyOfAnIssuerIsRead() {
    Map<String, IssuersConfig.Issuer> issuers = issuers(Map.ofEntries(
        Map.entry("CHAT_ISSUERS_STAFF_LOCATION", KEYS),
        Map.entry("CHAT_ISSUERS_STAFF_ISSUER", "https://login.example.com"),
        Map.entry("CHAT_ISSUERS_STAFF_AUDIENCE", "chat,desk"),
        Map.entry("CHAT_ISSUERS_STAFF_GROUPS", "admin"),
        Map.entry("CHAT_ISSUERS_STAFF_ALGORITHMS", "ES256,EdDSA"),
        Map.entry("CHAT_ISSUERS_STAFF_TOKEN_AGE", "1h"),
        Map.entry("CHAT_ISSUERS_STAFF_REFRESH", "2m"),
        Map.entry("CHAT_ISSUERS_STAFF_KEEP", "12h"),
        Map.entry("CHAT_ISSUERS_STAFF_TLS_CONFIGURATION_NAME", "login"),
        Map.entry("CHAT_ISSUERS_STAFF_CLAIMS_USER_ID", "uid"),
        Map.entry("CHAT_ISSUERS_STAFF_CLAIMS_NAME", "nick"),
        Map.entry("CHAT_ISSUERS_STAFF_CLAIMS_GROUPS", "realm_access/roles"),
        Map.entry("CHAT_ISSUERS_STAFF_CLAIMS_TICKETS", "cases")));

    assertThat(issuers).containsOnlyKeys("staff");
    IssuersConfig.Issuer staff = issuers.get("staff");
    assertThat(staff.location()).isEqualTo(KEYS);
    assertThat(staff.issuer()).hasValue("https://login.example.com");
    assertThat(staff.audience().orElseThrow()).containsExactlyInAnyOrder("chat", "desk");
    assertThat(staff.groups()).containsExactly("admin");
    assertThat(staff.algorithms()).containsExactlyInAnyOrder("ES256", "EdDSA");
    assertThat(staff.tokenAge()).hasValue(Duration.ofHours(1));
    assertThat(staff.refresh()).hasValue(Duration.ofMinutes(2));
    assertThat(staff.keep()).hasValue(Duration.ofHours(12));
    assertThat(staff.tlsConfigurationName()).hasValue("login");
    assertThat(staff.claims().userId()).isEqualTo("uid");
    assertThat(staff.claims().name()).isEqualTo("nick");
    assertThat(staff.claims().groups()).isEqualTo("realm_access/roles");
    assertThat(staff.claims().tickets()).isEqualTo("cases");
  }

  @Test
  void severalIssuersAreToldApart() {
    Map<String, IssuersConfig.Issuer> issuers = issuers(Map.of(
        "CHAT_ISSUERS_STAFF_LOCATION", KEYS,
        "CHAT_ISSUERS_STAFF_ISSUER", "https://login.example.com",
        "CHAT_ISSUERS_SHOP_LOCATION", "/keys/shop.pem",
        "CHAT_ISSUERS_SHOP_GROUPS", "none"));

    assertThat(issuers).containsOnlyKeys("staff", "shop");
    assertThat(issuers.get("shop").location()).isEqualTo("/keys/shop.pem");
    assertThat(issuers.get("shop").groups()).containsExactly("none");
    assertThat(issuers.get("staff").groups()).containsExactlyInAnyOrder("admin", "service");
  }

  /** The longer form is the way to such a name; it has a dot where the variable has an underscore. */
  @Test
  void nameHasAnUnderscoreOnlyBetweenTwoUnderscores() {
    assertThat(issuers(Map.of("CHAT_ISSUERS_HELP_DESK_LOCATION", KEYS))).isEmpty();
    assertThat(issuers(Map.of("CHAT_ISSUERS__HELP_DESK__LOCATION", KEYS)))
        .containsOnlyKeys("help.desk");
  }
}
