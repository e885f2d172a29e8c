package dev.chatgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The tests that the documents name are there and are run: {@code Class}, {@code Class#method}, and
 * {@code #method} of the class named last; for the fault suite, its properties and scenarios. Those in
 * {@code src/proof/java}, which may not have been compiled, are read as text.
 */
class GuaranteesDocTest {
  private static final Path DOCS = Path.of("docs");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Path PROOF = Path.of("src", "proof", "java");
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z]\\w*[a-z](?:Test|IT))?(?:#(\\w+))?`(?!\\w)");
  private static final Pattern PROPERTIES = Pattern.compile("\\*ChaosIT: ([^*]+)\\*");
  private static final Pattern SCENARIOS =
      Pattern.compile("\\*ChaosIT\\* under ((?:`[\\w-]+…?`(?:,| and|, and)?\\s*)+)");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  /** From a test's annotation to the name of its method. */
  private static final String ANNOTATED =
      "@(?:Test|ParameterizedTest|TestFactory|RepeatedTest)\\b(?:[^;{}]|\\{[^{}]*})*?\\b";

  private static final String PACKAGE = "dev.chatgateway.chaos.";

  @ParameterizedTest
  @ValueSource(strings = {"guarantees.md", "abuse.md", "reliability.md"})
  void namesTestsThatAreRun(String name) throws Exception {
    String doc = Files.readString(DOCS.resolve(name));
    assertThat(problems(doc)).isEmpty();
    assertThat(NAMED.matcher(doc).results().filter(one -> one.group(1) != null))
        .as("tests that it names")
        .hasSizeGreaterThan(5);
  }

  @Test
  void seesWhatIsNotThere() throws Exception {
    String doc = "`MessagesTest#everybodyHearsTheMessagesOfBothPodsInOneOrder`, `#noSuchMethod`,"
        + " `MessagesTest#text`, `FuzzIT#noSuchMethod`, `FuzzIT#mutatedMessagesAtThePlainDoorHurtNobody`, `NoSuchTest`, `#orphan`, *ChaosIT: `NothingLost`, `NoSuch`*,"
        + " *ChaosIT* under `sigkill` and `no-such`, `cluster-…`, `such-…`";
    assertThat(problems(doc))
        .containsExactly(
            "MessagesTest#noSuchMethod is no test",
            "MessagesTest#text is no test",
            "FuzzIT#noSuchMethod is no test",
            "NoSuchTest is no class",
            "NoSuchTest#orphan is no test",
            "NoSuch is no property",
            "no-such is no scenario",
            "such-… is no scenario");
  }

  private static List<String> problems(String doc) throws Exception {
    Map<String, List<Class<?>>> classes = testClasses();
    Map<String, String> proof = proofSources();
    List<String> problems = new ArrayList<>();
    String last = "?";
    Matcher named = NAMED.matcher(doc);
    while (named.find()) {
      if (named.group(1) != null) {
        last = named.group(1);
        if (!classes.containsKey(last) && !proof.containsKey(last)) {
          problems.add(last + " is no class");
        }
      }
      String method = named.group(2);
      if (method != null
          && !isProof(proof.getOrDefault(last, ""), method)
          && classes.getOrDefault(last, List.of()).stream()
              .noneMatch(type -> isTest(type, method))) {
        problems.add(last + "#" + method + " is no test");
      }
    }
    List<String> properties = properties();
    quoted(PROPERTIES, doc)
        .filter(property -> !properties.contains(property))
        .forEach(property -> problems.add(property + " is no property"));
    List<String> scenarios = scenarios();
    assertThat(scenarios).contains("control", "sigkill", "cluster-no-wait");
    quoted(SCENARIOS, doc)
        .filter(scenario -> scenarios.stream()
            .noneMatch(one -> scenario.endsWith("…")
                ? one.startsWith(scenario.substring(0, scenario.length() - 1))
                : one.equals(scenario)))
        .forEach(scenario -> problems.add(scenario + " is no scenario"));
    return problems;
  }

  private static Stream<String> quoted(Pattern list, String doc) {
    return list.matcher(doc)
        .results()
        .flatMap(found -> QUOTED.matcher(found.group(1)).results())
        .map(one -> one.group(1));
  }

  /** All whose names are those of tests, by their simple names, which some share. */
  private static Map<String, List<Class<?>>> testClasses()
      throws IOException, ClassNotFoundException {
    Map<String, List<Class<?>>> classes = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file :
          files.filter(path -> path.toString().matches(".*(Test|IT)\\.java")).toList()) {
        String path = TESTS.relativize(file).toString();
        Class<?> type = load(path.substring(0, path.length() - ".java".length())
            .replace(file.getFileSystem().getSeparator(), "."));
        classes.computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>()).add(type);
      }
    }
    return classes;
  }

  /** Returns the tests that only the profile compiles, by their simple names. */
  private static Map<String, String> proofSources() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(PROOF)) {
      for (Path file :
          files.filter(path -> path.toString().matches(".*(Test|IT)\\.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.merge(name, Files.readString(file), String::concat);
      }
    }
    return sources;
  }

  private static boolean isProof(String source, String method) {
    return Pattern.compile(ANNOTATED + method + "\\(")
        .matcher(source)
        .results()
        .anyMatch(found -> !found.group().contains("@Disabled"));
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, GuaranteesDocTest.class.getClassLoader());
  }

  private static boolean isTest(Class<?> type, String method) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Method one : at.getDeclaredMethods()) {
        if (one.getName().equals(method)
            && AnnotationSupport.isAnnotated(one, Testable.class)
            && !AnnotationSupport.isAnnotated(one, Disabled.class)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> properties() throws IOException, ClassNotFoundException {
    Class<?> property = load(PACKAGE + "check.Property");
    List<String> names = new ArrayList<>();
    try (Stream<Path> files =
        Files.list(TESTS.resolve(PACKAGE.replace('.', '/')).resolve("check"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!name.equals("package-info")
            && property.isAssignableFrom(load(PACKAGE + "check." + name))) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static List<String> scenarios() throws IOException {
    String source = Files.readString(
        PROOF.resolve(PACKAGE.replace('.', '/')).resolve("suite").resolve("Trouble.java"));
    return Pattern.compile("(?m)^  ([A-Z][A-Z0-9_]+)\\(")
        .matcher(source)
        .results()
        .map(found -> found.group(1).toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }
}
