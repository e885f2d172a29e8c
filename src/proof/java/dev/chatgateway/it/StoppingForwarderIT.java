package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.PollingClient;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pod stops by which requests go to another one, which has their session. */
class StoppingForwarderIT {
  private static final String TICKET = "101";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ForwardingPods pods = new ForwardingPods("chat.drain.spread", "500ms");
  private final PodProcess stopping = pods.other;
  private final PodProcess owner = pods.owner;
  private final String ana = Tokens.user("ana").tickets(TICKET).sign();

  @AfterEach
  void stop() {
    pods.close();
  }

  private ChatClient noor() {
    ChatClient noor = owner.connect();
    noor.authenticate(Tokens.admin("noor").sign());
    noor.join(TICKET);
    return noor;
  }

  @Test
  void pollsAreAnsweredAndTheSessionGoesOn() {
    ChatClient noor = noor();
    PollingClient client = PollingClient.joined(owner, stopping, ana, TICKET).afterwards(owner);

    stopping.stop();

    await().atMost(PATIENCE).until(client::isElsewhere);
    assertThat(client.packets()).contains("6").noneMatch(packet -> packet.contains("reconnect"));
    stopping.awaitExit(PATIENCE);
    noor.say(TICKET, "hello");
    client.await("hello");
    client.post("42[\"send_message\",{\"ticket_id\":\"" + TICKET + "\",\"text\":\"hi\"}]");
    noor.awaitEvent("new_message", message -> message.get("text").asText().equals("hi"));
    assertThat(noor.events("user_left")).isEmpty();
  }

  @Test
  void whoseWebSocketGoesThroughItIsSentAwayByTheOther() throws Exception {
    ChatClient noor = noor();
    Upgraded client = new Upgraded(PollingClient.open(owner).sid());
    client.awaits("3probe", "2probe");
    client.awaits("chat_authenticated", "5", "40{\"token\":\"" + ana + "\"}");
    client.awaits(
        "430[{\"ok\":true", "420[\"join_ticket_chat\",{\"ticket_id\":\"" + TICKET + "\"}]");
    noor.awaitEvent("user_joined");

    stopping.stop();

    client.awaits("reconnect");
    assertThat(client.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1012);
    SocketIoClient back = SocketIoClient.connect(owner.http("/"), ana);
    back.join(TICKET);
    stopping.awaitExit(PATIENCE);
    back.say(TICKET, "back");
    noor.awaitEvent("new_message");
    assertThat(noor.events("user_left")).isEmpty();
    assertThat(noor.events("user_joined")).hasSize(1);
  }

  @Test
  void whatWasRefusedByTheOtherGoesThroughItNoMore() {
    String nobody = PollingClient.open(owner).sid().split("\\.")[0] + "." + "A".repeat(22);
    String uri = "/socket.io/?EIO=4&sid=" + nobody + "&transport=";
    String poll = "GET " + uri + "polling HTTP/1.1\r\n"
        + "Host: chat\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
    try (RawSocket client = RawSocket.connect(stopping.http("/"))) {
      for (int i = 0; i < 10; i++) {
        client.write(poll.getBytes(StandardCharsets.US_ASCII));
        assertThat(client.readResponse().status()).isEqualTo(400);
        client.write(RawSocket.handshake(stopping.http(uri + "websocket")));
        assertThat(client.readResponse().status()).isEqualTo(400);
      }

      stopping.stop();
      stopping.awaitExit(PATIENCE);
    }
    assertThat(stopping.log()).contains("Asking 0 connections to go");
  }

  /** A session's WebSocket at the pod that stops. */
  private final class Upgraded implements WebSocket.Listener {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    Upgraded(String sid) {
      String uri =
          stopping.http("/socket.io/?EIO=4&transport=websocket&sid=" + sid).toString();
      socket = HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(URI.create(uri.replace("http:", "ws:")), this)
          .join();
    }

    void awaits(String part, String... sent) {
      for (String packet : sent) {
        socket.sendText(packet, true).join();
      }
      await(part)
          .atMost(PATIENCE)
          .until(() -> heard.stream().anyMatch(packet -> packet.contains(part)));
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      heard.add(data.toString());
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
