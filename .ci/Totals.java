import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Adds up the test reports in the folders given. Exits with 1 if a folder has none, or if a test
 * failed or was skipped, and names it. The last line is "N passed, N failed, N skipped".
 */
class Totals {
  private int run;
  private int failed;
  private int skipped;
  private boolean bad;

  public static void main(String[] folders) throws Exception {
    Totals totals = new Totals();
    for (String folder : folders) {
      totals.add(Path.of(folder));
    }
    int passed = totals.run - totals.failed - totals.skipped;
    System.out.printf(
        "%d passed, %d failed, %d skipped%n", passed, totals.failed, totals.skipped);
    System.exit(totals.bad || totals.failed + totals.skipped > 0 ? 1 : 0);
  }

  private void add(Path folder) throws Exception {
    int runBefore = run;
    int skippedBefore = skipped;
    if (Files.isDirectory(folder)) {
      DocumentBuilder xml = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
        for (Path report : reports) {
          try {
            add(xml.parse(report.toFile()).getElementsByTagName("testcase"));
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
      String name = test.getAttribute("classname") + "." + test.getAttribute("name");
      run++;
      if (has(test, "failure") || has(test, "error")) {
        failed++;
        bad("failed test " + name);
      } else if (has(test, "skipped")) {
        skipped++;
        Element why = (Element) test.getElementsByTagName("skipped").item(0);
        bad("skipped test " + name + " (" + why.getAttribute("message") + ")");
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
