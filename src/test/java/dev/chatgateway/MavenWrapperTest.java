package dev.chatgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Maven that the wrapper fetches is the one whose checksum is known, in both its forms. */
class MavenWrapperTest {
  private static final List<String> TOOLS =
      List.of("sh", "uname", "tr", "mktemp", "mkdir", "rm", "sha256sum", "dirname", "basename");

  @Test
  void bothFormsHaveAChecksum() throws IOException {
    Properties properties = new Properties();
    try (var in = Files.newInputStream(Path.of(".mvn", "wrapper", "maven-wrapper.properties"))) {
      properties.load(in);
    }

    assertThat(properties.getProperty("distributionSha256Sum")).matches("[0-9a-f]{64}");
    assertThat(properties.getProperty("distributionTarSha256Sum")).matches("[0-9a-f]{64}");
  }

  @DisabledOnOs(OS.WINDOWS)
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherFileIsRefused(boolean unzip, @TempDir Path folder) throws Exception {
    Path tools = Files.createDirectories(folder.resolve("bin"));
    for (String tool : TOOLS) {
      for (String place : List.of("/usr/bin", "/bin")) {
        if (Files.exists(Path.of(place, tool)) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), Path.of(place, tool));
        }
      }
    }
    script(tools.resolve("wget"), "for last; do :; done\nprintf forged >\"$last\"");
    if (unzip) {
      script(tools.resolve("unzip"), "exit 0");
    }
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "mvnw", "--version").redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("TMPDIR", folder.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isNotZero();
    assertThat(said).contains("Failed to validate Maven distribution SHA-256");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
