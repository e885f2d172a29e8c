package dev.chatgateway.devmode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway as it is packaged: what is for dev mode only isn't there. */
class PackageIT {
  private static final Path APP = Path.of("target", "quarkus-app");

  @Test
  void holdsNothingOfDevMode() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(APP)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    List<String> entries = files.stream()
        .filter(file -> file.toString().endsWith(".jar"))
        .flatMap(PackageIT::entries)
        .toList();

    assertThat(entries).anyMatch(entry -> entry.equals("dev/chatgateway/Pod.class"));
    assertThat(entries)
        .noneMatch(entry -> entry.startsWith("dev/chatgateway/devmode/") && !entry.endsWith("/"))
        .noneMatch(entry -> entry.startsWith("redis/embedded/"))
        .noneMatch(entry -> entry.contains("redis-server"));
    assertThat(files).noneMatch(file -> file.getFileName().toString().contains("embedded-redis"));
    try (Stream<Path> page = Files.list(DevPage.folder().orElseThrow())) {
      List<String> names = page.map(file -> file.getFileName().toString()).toList();
      assertThat(files).noneMatch(file -> names.contains(file.getFileName().toString()));
      assertThat(entries).noneMatch(entry -> entry.startsWith("page/"));
      assertThat(entries.stream().filter(entry -> !entry.contains("/"))).noneMatch(names::contains);
    }
  }

  @Test
  void hasNeitherPageNorTokens() throws Exception {
    try (PodProcess pod = PodProcess.start()) {
      assertThat(PodProcess.get(pod.http("/")).statusCode()).isEqualTo(404);
      assertThat(PodProcess.get(pod.http("/app.js")).statusCode()).isEqualTo(404);
      assertThat(post(pod.http("/dev/token"), "{\"user_id\":\"ana\"}").statusCode())
          .isEqualTo(404);
      assertThat(PodProcess.get(pod.http("/q/swagger-ui")).statusCode()).isEqualTo(404);
      assertThat(PodProcess.get(pod.http("/q/dev-ui")).statusCode()).isEqualTo(404);

      try (ChatClient ana = pod.connect()) {
        ana.authenticate(Tokens.user("ana").tickets(101).sign());
        ana.join(101);
        ana.say(101, "Hello");
        ana.awaitEvent("new_message");
      }
      assertThat(pod.log())
          .contains("Clients connect to ws://127.0.0.1:" + pod.http("/").getPort() + "/chat");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NONE"})
  void doesNotStartWithoutAKey(String location) {
    try (PodProcess pod = PodProcess.launch("mp.jwt.verify.publickey.location", location)) {
      assertThat(pod.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(pod.log())
          .contains("No public key to verify tokens with is configured", "CHAT_JWT_PUBLIC_KEY=/")
          .doesNotContain("ConfigurationException");
    }
  }

  @Test
  void doesNotStartWithAKeyThatIsNotThere() {
    try (PodProcess pod =
        PodProcess.launch("mp.jwt.verify.publickey.location", "/nowhere/jwt.pem")) {
      assertThat(pod.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(pod.log())
          .contains("can't be read from /nowhere/jwt.pem")
          .doesNotContain("ConfigurationException");
    }
  }

  @Test
  void doesNotStartWithAFileThatHoldsNoKey() throws IOException {
    Path file = Files.writeString(Path.of("target", "no-key.txt"), "hello\n").toAbsolutePath();
    try (PodProcess pod = PodProcess.launch("mp.jwt.verify.publickey.location", file.toString())) {
      assertThat(pod.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(pod.log())
          .contains("No public key to verify tokens with is in " + file)
          .doesNotContain("ConfigurationException");
    }
  }

  private static Stream<String> entries(Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(entry -> entry.getName()).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> post(URI uri, String body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
