package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How packaged pods announce themselves to each other, and what they speak then. */
class PeersIT {
  private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=polling";

  private final String keyPrefix = RedisResource.newKeyPrefix();

  private PodProcess start(String... more) {
    return PodProcess.start(
        Stream.concat(Stream.of("chat.redis.key-prefix", keyPrefix), Stream.of(more))
            .toArray(String[]::new));
  }

  private void awaitAnnounced(String beginning) {
    Awaitility.await("announced as " + beginning)
        .atMost(Duration.ofSeconds(15))
        .until(() -> TestRedis.ask(redis -> redis.keys(keyPrefix + "{p:*}:address").stream()
            .map(redis::get)
            .anyMatch(value -> value != null && value.startsWith(beginning))));
  }

  @Test
  void aPodWithoutASecretWarns() {
    try (PodProcess pod = start("chat.peers.address", "fd00::12:8080", "chat.peers.secret", null)) {
      awaitAnnounced("[fd00::12]:8080 - ");
      assertThat(pod.log()).containsOnlyOnce("chat.peers.secret is not set");
    }
  }

  @Test
  @Proof
  void podsWithoutAPlainPortPassRequestsOnOverTls() throws Exception {
    TlsFiles files = TlsFiles.make();
    int ownersPort = PodProcess.freePort();
    int othersPort = PodProcess.freePort();
    try (PodProcess owner = start(tls(files, ownersPort));
        PodProcess other = start(tls(files, othersPort))) {
      awaitAnnounced("127.0.0.1:" + ownersPort + " localhost ");
      String opened = ask(files, ownersPort, "GET " + HANDSHAKE, "");
      String sid = opened.replaceFirst("(?s).*\"sid\":\"([^\"]+)\".*", "$1");

      String answer = ask(files, othersPort, "POST " + HANDSHAKE + "&sid=" + sid, "3");

      assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ok");
      assertThat(other.log()).doesNotContain(" WARN ", "chat.peers.secret is not set");
      assertThat(owner.isAlive()).isTrue();
    }
  }

  private static String[] tls(TlsFiles files, int port) {
    return new String[] {
      "quarkus.http.tls-configuration-name",
      "front",
      "quarkus.http.insecure-requests",
      "disabled",
      "quarkus.http.ssl-port",
      Integer.toString(port),
      "quarkus.tls.front.key-store.pem.0.cert",
      files.certificate().toString(),
      "quarkus.tls.front.key-store.pem.0.key",
      files.key().toString(),
      "quarkus.tls.front.trust-store.pem.certs",
      files.authority().toString(),
      "chat.peers.address",
      "127.0.0.1:" + port,
      "chat.peers.tls-name",
      "localhost"
    };
  }

  private static String ask(TlsFiles files, int port, String request, String body)
      throws IOException {
    try (Socket socket = files.socketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      String all = request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
          + "Content-Length: " + body.length() + "\r\n\r\n" + body;
      socket.getOutputStream().write(all.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
