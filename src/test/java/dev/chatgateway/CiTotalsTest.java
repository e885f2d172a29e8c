package dev.chatgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the CI makes of test reports. */
class CiTotalsTest {
  private static final Path PROGRAM = Path.of(".ci", "Totals.java");

  @TempDir
  Path folder;

  private Path skips;
  private Path budgets;

  private record Result(int status, String output) {}

  @BeforeEach
  void lists() throws IOException {
    skips = Files.writeString(folder.resolve("skips"), "# why\nBareTest.needsMuch # no cluster\n");
    budgets = Files.writeString(folder.resolve("budgets"), "SlowTest 60 # measures time\n");
  }

  @Test
  void passedAndAllowedSkipsAreGood() throws Exception {
    report(
        "a.BareTest",
        "1.5",
        "<testcase classname='a.BareTest' name='runs'/>"
            + "<testcase classname='a.BareTest' name='needsMuch(int)[1]'><skipped message='none'/></testcase>");

    Result result = totals();

    assertThat(result.output()).endsWith("1 passed, 0 failed, 1 skipped\n");
    assertThat(result.status()).isZero();
  }

  @Test
  void otherSkipsAreNamed() throws Exception {
    report(
        "a.BareTest",
        "1.5",
        "<testcase classname='a.BareTest' name='runs'/>"
            + "<testcase classname='a.BareTest' name='needsMuchMore'><skipped message='none'/></testcase>");

    Result result = totals();

    assertThat(result.output()).contains("PROBLEM: skipped test a.BareTest.needsMuchMore (none)");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void failuresAndEmptyFoldersAreNamed() throws Exception {
    assertThat(totals())
        .matches(result -> result.status() == 1 && result.output().contains("no test ran in"));
    report("a.XTest", "1", "<testcase classname='a.XTest' name='m'><failure/></testcase>");

    Result result = totals();

    assertThat(result.output()).contains("PROBLEM: failed test a.XTest.m");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void slowClassesAreNamedBeyondTheirBudgets() throws Exception {
    report("a.SlowTest", "59", "<testcase classname='a.SlowTest' name='m'/>");
    report("a.LazyTest", "1,006.5", "<testcase classname='a.LazyTest' name='m'/>");
    report("a.SomeIT", "29", "<testcase classname='a.SomeIT' name='m'/>");

    Result result = totals();

    assertThat(result.output().lines().filter(line -> line.startsWith("over its budget")))
        .containsExactly("over its budget of 5 s: LazyTest, 1006.5 s");
    assertThat(result.output()).contains("3 classes took 1095 s");
    assertThat(result.status()).isZero();
  }

  private void report(String name, String seconds, String cases) throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve("reports")).resolve("TEST-" + name + ".xml"),
        "<testsuite name='" + name + "' time='" + seconds + "'>" + cases + "</testsuite>");
  }

  private Result totals() throws Exception {
    Process process = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            PROGRAM.toString(),
            skips.toString(),
            budgets.toString(),
            folder.resolve("reports").toString()))
        .redirectErrorStream(true)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
