package dev.chatgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ExposedPort;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The container image, under the restrictions that the manifests put on it. */
class ImageIT {
  private static final String TICKET = "101";

  private static InspectImageResponse image;
  private static ImageContainer container;

  @BeforeAll
  static void start() {
    image = ImageContainer.load();
    container = ImageContainer.start();
  }

  @AfterAll
  static void remove() {
    if (container != null) {
      container.close();
    }
  }

  @Test
  void namesAUserWhomKubernetesCanTellFromRoot() {
    assertThat(image.getConfig().getUser()).matches("[1-9]\\d*:[1-9]\\d*");
  }

  @Test
  void saysWhatItIs() {
    assertThat(image.getConfig().getLabels())
        .containsEntry("org.opencontainers.image.title", "chat-gateway")
        .containsEntry("org.opencontainers.image.version", System.getProperty("chat.test.version"))
        .containsKeys("org.opencontainers.image.revision", "org.opencontainers.image.licenses");
    assertThat(image.getConfig().getExposedPorts())
        .containsExactlyInAnyOrder(ExposedPort.tcp(8080), ExposedPort.tcp(9000));
  }

  @Test
  void servesBothDoors() {
    ChatClient ana = ChatClient.connect(container.http("/chat"));
    ana.authenticate(Tokens.user("ana").tickets(TICKET).sign());
    ana.join(TICKET);
    SocketIoClient noor =
        SocketIoClient.connect(container.http("/"), Tokens.admin("noor").sign());
    noor.join(TICKET);

    heard(ana, noor, "from the plain door");
    heard(noor, ana, "from the other door");
    ana.close();
    noor.close();
  }

  private static void heard(Client sender, Client hearer, String text) {
    sender.say(TICKET, text);
    hearer.awaitEvent("new_message", message -> message.path("text").asText().equals(text));
  }

  @Test
  void runsWithTheFlagsChosenForIt() {
    assertThat(container.jcmd("VM.flags"))
        .contains("-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=201326592")
        .contains("-XX:MaxHeapSize=" + (512 << 20));
  }

  @Test
  void usesTheNativeTransport() {
    assertThat(container.jcmd("VM.dynlibs")).contains("netty_transport_native_epoll");
  }

  @Test
  void endsWithinItsGracePeriod() {
    JsonNode grace = Kustomize.render("production")
        .gateway()
        .at("/spec/template/spec/terminationGracePeriodSeconds");
    try (ImageContainer stopping = ImageContainer.start()) {
      ChatClient ana = ChatClient.connect(stopping.http("/chat"));
      ana.authenticate(Tokens.user("ana").tickets(TICKET).sign());

      // 128 and SIGTERM: ended by itself, not with SIGKILL.
      assertThat(stopping.stop(Duration.ofSeconds(grace.asLong()))).isEqualTo(143);
      assertThat(ana.awaitClose().code()).isEqualTo(1012);
      assertThat(stopping.log()).doesNotContain("ERROR", "Exception");
    }
  }
}
