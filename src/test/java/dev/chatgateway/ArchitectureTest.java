package dev.chatgateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may know which. */
class ArchitectureTest {
  private static final String ROOT = "dev.chatgateway";

  private static final JavaClasses GATEWAY = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages(ROOT);

  /** Package to the packages of ours it may import; outer ones also import {@link Pod}. */
  private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
      Map.entry("protocol", Set.of()),
      Map.entry("logging", Set.of()),
      Map.entry("redis", Set.of("logging")),
      Map.entry("websocket", Set.of()),
      Map.entry("auth", Set.of("protocol", "logging")),
      Map.entry("tracing", Set.of("protocol")),
      Map.entry("session", Set.of("protocol", "logging", "redis", "auth")),
      Map.entry("relay", Set.of("protocol", "logging", "redis", "tracing", "session")),
      Map.entry("ticket", Set.of("protocol", "redis", "auth", "tracing", "session", "relay")),
      Map.entry("typing", Set.of("protocol", "redis", "auth", "session", "relay")),
      Map.entry("presence", Set.of("protocol", "logging", "redis", "auth", "session", "relay")));

  static Stream<String> inner() {
    return MAY_IMPORT.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("inner")
  void anInnerPackageImportsOnlyWhatLiesFurtherIn(String name) {
    String[] allowed = Stream.concat(Stream.of(name), MAY_IMPORT.get(name).stream())
        .map(ArchitectureTest::with)
        .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(with(name))
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + "..").and(resideOutsideOfPackages(allowed)))
        .check(GATEWAY);
  }

  @Test
  void theTableAboveAndTheOuterPackagesAreAllThereAre() {
    Set<String> found = GATEWAY.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith(ROOT + "."))
        .map(name -> name.substring(ROOT.length() + 1).split("\\.")[0])
        .collect(Collectors.toSet());

    assertThat(found)
        .containsAll(MAY_IMPORT.keySet())
        .isSubsetOf(Stream.concat(
                inner(), Stream.of("entrance", "socket", "socketio", "api", "ops", "devmode"))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"entrance", "socket", "socketio", "api", "devmode"})
  void nothingImportsADoor(String door) {
    noClasses()
        .that()
        .resideOutsideOfPackage(with(door))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(with(door))
        .check(GATEWAY);
  }

  /** But for how dev mode says where its Redis is. */
  @Test
  void nothingButTheRootImportsOps() {
    noClasses()
        .that(resideOutsideOfPackages(ROOT, with("ops"), with("devmode")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(with("ops"))
        .check(GATEWAY);
  }

  @Test
  void theRelayKnowsNoFeature() {
    noClasses()
        .that()
        .resideInAPackage(with("relay"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(with("ticket"), with("typing"), with("presence"), with("auth"))
        .check(GATEWAY);
  }

  @Test
  void featuresDoNotKnowEachOther() {
    List<String> features = List.of("ticket", "typing", "presence");
    for (String feature : features) {
      noClasses()
          .that()
          .resideInAPackage(with(feature))
          .should()
          .dependOnClassesThat(resideInAnyPackage(features.stream()
              .filter(other -> !other.equals(feature))
              .map(ArchitectureTest::with)
              .toArray(String[]::new)))
          .check(GATEWAY);
    }
  }

  @Test
  void onlyTheRedisPackageKnowsTheRedisClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage(with("redis"))
        // What tells Quarkus where dev mode's Redis is.
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".devmode.DevRedis")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.redis..", "io.vertx.mutiny.redis..", "io.quarkus.redis..")
        .check(GATEWAY);
  }

  @Test
  void onlyTheTracingPackageKnowsOpenTelemetry() {
    noClasses()
        .that()
        .resideOutsideOfPackage(with("tracing"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(GATEWAY);
  }

  @Test
  void onlyTheSocketDoorsKnowWebSockets() {
    noClasses()
        .that(resideOutsideOfPackages(with("socket"), with("socketio")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.quarkus.websockets..")
        .check(GATEWAY);
  }

  @Test
  void theProtocolKnowsNeitherQuarkusNorVertxNorNetty() {
    noClasses()
        .that()
        .resideInAPackage(with("protocol"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.quarkus..", "io.vertx..", "io.netty..", "jakarta..")
        .check(GATEWAY);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(GATEWAY);
  }

  @Test
  void noPackageIsADrawerForAnything() {
    classes()
        .should(resideOutside("..util..", "..utils..", "..common..", "..helper..", "..misc.."))
        .check(GATEWAY);
  }

  private static ArchCondition<JavaClass> resideOutside(String... packages) {
    return ArchConditions.resideOutsideOfPackages(packages)
        .as("not be in " + Arrays.toString(packages));
  }

  private static String with(String name) {
    return ROOT + "." + name + "..";
  }
}
