import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Adds up test reports: {@code Totals SKIPS BUDGETS FOLDER…}. Exits with 1 if a folder has none, if a
 * test failed, or if one was skipped that the file SKIPS does not allow, and names it. Prints the time of
 * each class, the slowest first, and which are over their budgets. The last line is "N passed, N failed, N
 * skipped".
 */
class Totals {
  private static final double UNIT_SECONDS = 5;
  private static final double INTEGRATION_SECONDS = 30;
  private static final int SLOWEST = 10;

  private record Time(String type, double seconds) {}

  private final List<String> skips = new ArrayList<>();
  private final Map<String, Double> budgets = new HashMap<>();
  private final List<Time> times = new ArrayList<>();
  private int run;
  private int failed;
  private int skipped;
  private boolean bad;

  public static void main(String[] args) throws Exception {
    Totals totals = new Totals();
    for (String[] line : lines(Path.of(args[0]))) {
      totals.skips.add(line[0]);
    }
    for (String[] line : lines(Path.of(args[1]))) {
      totals.budgets.put(line[0], Double.valueOf(line[1]));
    }
    for (String folder : Arrays.asList(args).subList(2, args.length)) {
      totals.add(Path.of(folder));
    }
    totals.printTimes();
    int passed = totals.run - totals.failed - totals.skipped;
    System.out.printf(
        "%d passed, %d failed, %d skipped%n", passed, totals.failed, totals.skipped);
    System.exit(totals.bad ? 1 : 0);
  }

  /** The words of each line that is no comment. */
  private static List<String[]> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceAll("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .map(line -> line.split("\\s+"))
        .toList();
  }

  private void add(Path folder) throws Exception {
    int runBefore = run;
    int skippedBefore = skipped;
    if (Files.isDirectory(folder)) {
      DocumentBuilder xml = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
        for (Path report : reports) {
          try {
            Element suite = xml.parse(report.toFile()).getDocumentElement();
            add(suite.getElementsByTagName("testcase"));
            String name = suite.getAttribute("name");
            String seconds = suite.getAttribute("time").replace(",", "");
            times.add(new Time(
                name.substring(name.lastIndexOf('.') + 1),
                seconds.isEmpty() ? 0 : Double.parseDouble(seconds)));
          } catch (org.xml.sax.SAXException e) {
            bad("unreadable report " + report + ": " + e.getMessage());
          }
        }
      }
    }
    int tests = run - runBefore - (skipped - skippedBefore);
    System.out.println(folder + ": " + tests + " tests ran");
    if (tests == 0) {
      bad("no test ran in " + folder);
    }
  }

  private void add(NodeList testcases) {
    for (int i = 0; i < testcases.getLength(); i++) {
      Element test = (Element) testcases.item(i);
      String type = test.getAttribute("classname");
      String name = type + "." + test.getAttribute("name");
      run++;
      if (has(test, "failure") || has(test, "error")) {
        failed++;
        bad("failed test " + name);
      } else if (has(test, "skipped")) {
        skipped++;
        Element why = (Element) test.getElementsByTagName("skipped").item(0);
        String text = "skipped test " + name + " (" + why.getAttribute("message") + ")";
        if (isAllowed(type, test.getAttribute("name"))) {
          System.out.println("allowed: " + text);
        } else {
          bad(text);
        }
      }
    }
  }

  private boolean isAllowed(String type, String method) {
    String simple = type.substring(type.lastIndexOf('.') + 1);
    String name = method.replaceAll("\\W.*", "");
    return skips.contains(simple + ".*") || skips.contains(simple + "." + name);
  }

  private void printTimes() {
    times.sort(Comparator.comparingDouble(Time::seconds).reversed());
    double all = times.stream().mapToDouble(Time::seconds).sum();
    System.out.printf(
        Locale.ROOT, "%d classes took %.0f s, the slowest:%n", times.size(), all);
    times.stream().limit(SLOWEST).forEach(time -> System.out.printf(
        Locale.ROOT, "  %7.1f s  %s%n", time.seconds(), time.type()));
    for (Time time : times) {
      double budget = budgets.getOrDefault(
          time.type(), time.type().endsWith("IT") ? INTEGRATION_SECONDS : UNIT_SECONDS);
      if (time.seconds() > budget) {
        System.out.printf(
            Locale.ROOT,
            "over its budget of %.0f s: %s, %.1f s%n",
            budget,
            time.type(),
            time.seconds());
      }
    }
  }

  private static boolean has(Element test, String child) {
    return test.getElementsByTagName(child).getLength() > 0;
  }

  private void bad(String problem) {
    bad = true;
    System.out.println("PROBLEM: " + problem);
  }
}
