package dev.chatgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package holds the libraries that {@code docs/dependencies.md} lists, past all its advisories. */
class DependenciesIT {
  private static final Path LIBRARIES = Path.of("target", "quarkus-app", "lib");
  private static final Path DOC = Path.of("docs", "dependencies.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([\\w.-]+)` \\| (\\S+) \\|");
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.]*?)(?:-linux-\\w+)?\\.jar");

  /** A packaged file: {@code group.artifact}, and its version. */
  private record Library(String name, String version) {}

  @Test
  void packagedLibrariesAreThoseOfTheList() throws IOException {
    Map<String, String> listed = table("## What is packaged");
    List<String> wrong = new ArrayList<>();
    Map<String, String> unused = new TreeMap<>(listed);
    for (Library library : packaged()) {
      Optional<String> row = row(listed, library);
      row.ifPresent(unused::remove);
      if (row.isEmpty() || !listed.get(row.get()).equals(library.version())) {
        wrong.add(library + " is listed as " + row.map(listed::get).orElse("nothing"));
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(unused).as("rows of libraries that are not packaged").isEmpty();
  }

  @Test
  void packagedLibrariesArePastAllListedAdvisories() throws IOException {
    assertThat(affected(packaged(), table("## Advisories"))).isEmpty();
  }

  @Test
  void olderLibrariesAreFound() throws IOException {
    List<Library> old = List.of(
        new Library("io.netty.netty-codec-http", "4.1.137.Final"),
        new Library("io.netty.netty-buffer", "4.1.133.Final"),
        new Library("com.fasterxml.jackson.core.jackson-databind", "2.9.10"),
        new Library("com.fasterxml.jackson.core.jackson-core", "2.21.10"));

    assertThat(affected(old, table("## Advisories"))).containsExactlyElementsOf(old.subList(0, 3));
  }

  private static List<Library> affected(List<Library> libraries, Map<String, String> fixed) {
    return libraries.stream()
        .filter(library -> fixed.entrySet().stream()
            .filter(row -> isOf(library, row.getKey()))
            .anyMatch(row -> isOlder(library.version(), row.getValue())))
        .toList();
  }

  /** Returns the longest beginning of that library's name that is listed. */
  private static Optional<String> row(Map<String, String> rows, Library library) {
    return rows.keySet().stream()
        .filter(row -> isOf(library, row))
        .max(Comparator.comparingInt(String::length));
  }

  private static boolean isOf(Library library, String row) {
    return library.name().equals(row) || library.name().startsWith(row + ".");
  }

  private static boolean isOlder(String version, String than) {
    String[] a = version.split("\\.");
    String[] b = than.split("\\.");
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      boolean numbers = a[i].matches("\\d+") && b[i].matches("\\d+");
      int order = numbers ? Integer.compare(Integer.parseInt(a[i]), Integer.parseInt(b[i])) : 0;
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }

  private static List<Library> packaged() throws IOException {
    List<Library> libraries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(LIBRARIES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jar")).toList()) {
        Matcher jar = JAR.matcher(file.getFileName().toString());
        assertThat(jar.matches()).as("%s", file).isTrue();
        libraries.add(new Library(jar.group(1), jar.group(2)));
      }
    }
    assertThat(libraries).hasSizeGreaterThan(100);
    return libraries;
  }

  /** Returns the first two columns of the table under that heading. */
  private static Map<String, String> table(String heading) throws IOException {
    String doc = Files.readString(DOC);
    int from = doc.indexOf(heading);
    assertThat(from).as(heading).isPositive();
    int to = doc.indexOf("\n## ", from + 1);
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(doc.substring(from, to < 0 ? doc.length() : to))
        .results()
        .forEach(row -> rows.put(row.group(1), row.group(2)));
    assertThat(rows).as(heading).isNotEmpty();
    return rows;
  }
}
