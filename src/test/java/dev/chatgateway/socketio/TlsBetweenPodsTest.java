package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TlsFiles;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods whose port speaks TLS pass requests on over TLS, and look at each other's certificates. */
class TlsBetweenPodsTest {
  private static final Logger LOGGER = Logger.getLogger(OwnerForwarder.class.getName());
  private final TlsFiles files = TlsFiles.make();
  private final List<String> logged = new ArrayList<>();
  private final Handler capture = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      logged.add(entry.getLevel() + " " + entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(capture);
  }

  @AfterEach
  void stop() {
    LOGGER.removeHandler(capture);
    LOGGER.setUseParentHandlers(true);
  }

  private HttpServerOptions server(TlsFiles trusted) {
    return new HttpServerOptions()
        .setHost("127.0.0.1")
        .setSsl(true)
        .setKeyCertOptions(new PemKeyCertOptions()
            .addKeyPath(files.key().toString())
            .addCertPath(files.certificate().toString()))
        .setTrustOptions(new PemTrustOptions().addCertPath(trusted.authority().toString()));
  }

  private static String ask(DoorPods.DoorPod pod, TlsFiles files, String request) {
    return pod.askOverTls(files.socketFactory(), request);
  }

  private static String open(DoorPods.DoorPod pod, TlsFiles files) {
    return EngineFixture.sidOf(ask(
            pod,
            files,
            "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n"
                + "Connection: close\r\n\r\n")
        .replaceFirst("(?s).*\r\n\r\n", ""));
  }

  private String postThroughTheOther(DoorPods pods) {
    String sid = open(pods.owner, files);
    return ask(pods.other, files, pods.post(sid, "3", "Connection: close"));
  }

  @Test
  void aRequestIsPassedOnOverTls() {
    try (DoorPods pods = new DoorPods(server(files))) {
      assertThat(postThroughTheOther(pods)).startsWith("HTTP/1.1 200 ").endsWith("ok");
      assertThat(pods.other.forwarded()).isEqualTo(1);
    }
    assertThat(logged).isEmpty();
  }

  @Test
  void theNameAnnouncedIsTheOneThatIsVerified() {
    try (DoorPods pods = new DoorPods(server(files), "chat.peers.tls-name", "localhost")) {
      assertThat(postThroughTheOther(pods)).startsWith("HTTP/1.1 200 ");
    }
    try (DoorPods pods = new DoorPods(server(files), "chat.peers.tls-name", "other.example")) {
      assertThat(postThroughTheOther(pods)).startsWith("HTTP/1.1 400 ");
      assertThat(pods.other.forwarded()).isZero();
    }
    assertThat(logged).singleElement().asString().startsWith("WARN");
  }

  @Test
  void nothingIsPassedOnToAPodWhoseCertificateIsNotTrusted() {
    try (DoorPods pods = new DoorPods(server(TlsFiles.make()))) {
      assertThat(postThroughTheOther(pods)).startsWith("HTTP/1.1 400 ");
      assertThat(pods.other.forwarded()).isZero();
    }
    assertThat(logged).singleElement().asString().startsWith("WARN");
  }

  @Test
  void aRequestIsPassedOnOverIPv6() {
    try (DoorPods pods = new DoorPods(new HttpServerOptions().setHost("::1"))) {
      assertThat(pods.other.ask(pods.post(pods.owner.open(), "3")).body()).isEqualTo("ok");
    }
  }
}
