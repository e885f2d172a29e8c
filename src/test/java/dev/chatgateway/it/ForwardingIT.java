package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of a Socket.IO session come to a pod that doesn't have it. */
class ForwardingIT {
  private static final String TICKET = "101";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ForwardingPods pods = new ForwardingPods();
  private final PodProcess owner = pods.owner;
  private final PodProcess other = pods.other;
  private final String sid = handshake();

  @AfterEach
  void stop() {
    pods.close();
  }

  private String handshake() {
    try {
      String opened = HTTP.send(
              HttpRequest.newBuilder(uri(owner, "polling")).build(), BodyHandlers.ofString())
          .body();
      return new ObjectMapper().readTree(opened.substring(1)).get("sid").asText();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URI uri(PodProcess pod, String transport) {
    return pod.http("/socket.io/?EIO=4&transport=" + transport);
  }

  private URI uriOfSession(PodProcess pod, String transport) {
    return URI.create(uri(pod, transport) + "&sid=" + sid);
  }

  private HttpResponse<String> poll(PodProcess pod) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uriOfSession(pod, "polling")).build(), BodyHandlers.ofString());
  }

  private void post(PodProcess pod, String payload) throws Exception {
    HttpResponse<String> answer = HTTP.send(
        HttpRequest.newBuilder(uriOfSession(pod, "polling"))
            .POST(BodyPublishers.ofString(payload))
            .build(),
        BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo("ok");
  }

  private String pollFor(PodProcess pod, String what) throws Exception {
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf(what) < 0) {
      HttpResponse<String> answer = poll(pod);
      assertThat(answer.statusCode()).as("after " + heard).isEqualTo(200);
      heard.append(answer.body());
    }
    return heard.toString();
  }

  private void enter() throws Exception {
    String token = Tokens.user("ana").name("Ana").tickets(TICKET).sign();
    post(other, "40{\"token\":\"" + token + "\"}");
    pollFor(other, "chat_authenticated");
    post(other, "420[\"join_ticket_chat\",{\"ticket_id\":\"" + TICKET + "\"}]");
    pollFor(other, "430[{\"ok\":true");
  }

  @Test
  void theyArePassedOnToThePodThatHasIt() throws Exception {
    enter();
    ChatClient noor = owner.connect();
    noor.authenticate(Tokens.admin("noor").sign());
    noor.join(TICKET);

    noor.say(TICKET, "hello");
    assertThat(pollFor(other, "new_message")).contains("hello");
    post(other, "42[\"send_message\",{\"ticket_id\":\"" + TICKET + "\",\"text\":\"hi\"}]");
    noor.awaitEvent("new_message", message -> message.get("text").asText().equals("hi"));
  }

  @Test
  void soIsTheUpgrade() throws Exception {
    enter();
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    WebSocket socket = HTTP.newWebSocketBuilder()
        .buildAsync(
            URI.create(uriOfSession(other, "websocket").toString().replace("http:", "ws:")),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                heard.add(data.toString());
                from.request(1);
                return null;
              }
            })
        .get(10, TimeUnit.SECONDS);

    socket.sendText("2probe", true).get();
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("3probe");
    socket.sendText("5", true).get();
    socket.sendText("421[\"get_participants\",{\"ticket_id\":\"" + TICKET + "\"}]", true);

    assertThat(heard.poll(10, TimeUnit.SECONDS)).startsWith("431[{\"ok\":true").contains("ana");
    socket.abort();
  }

  @Test
  void whereThatPodHasDiedTheSessionIsUnknown() throws Exception {
    enter();

    owner.kill();

    await().untilAsserted(() -> {
      HttpResponse<String> answer = poll(other);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
    });
  }

  @Test
  void noExtensionIsAgreedToOnTheWay() {
    for (String offer : List.of(
        "permessage-deflate", "deflate-frame", "x-webkit-deflate-frame, permessage-deflate")) {
      URI address = uriOfSession(other, "websocket");
      try (RawSocket raw = RawSocket.connect(address)) {
        raw.write(RawSocket.handshake(address, "Sec-WebSocket-Extensions: " + offer));
        String head = raw.readHead();

        assertThat(head).startsWith("HTTP/1.1 101");
        assertThat(head.toLowerCase(Locale.ROOT)).doesNotContain("sec-websocket-extensions");
        raw.write(RawSocket.frame(
            0x40 | RawSocket.FINAL | RawSocket.TEXT, "2probe".getBytes(StandardCharsets.UTF_8)));
        assertThat(raw.readCloseCode()).isEqualTo(1002);
      }
    }
  }

  @Test
  void otherMethodsAreAnsweredAlikeOnEveryPod() {
    for (String method : List.of("HEAD", "PUT", "PATCH")) {
      for (PodProcess pod : List.of(owner, other)) {
        URI session = uriOfSession(pod, "polling");
        String target = session.getRawPath() + "?" + session.getRawQuery();
        assertThat(RawCall.send(session, method, target, "Content-Length: 0").status())
            .as(method + " at the owner: " + (pod == owner))
            .isEqualTo(400);
      }
    }
  }

  @Test
  void aBodyThatIsHeldBackIsAskedFor() {
    URI session = uriOfSession(other, "polling");
    String target = session.getRawPath() + "?" + session.getRawQuery();
    try (RawSocket raw = RawSocket.connect(session)) {
      raw.write(RawCall.head(session, "POST", target, "Content-Length: 2", "Expect: 100-continue"));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 100 ");

      raw.write("40".getBytes(StandardCharsets.UTF_8));
      assertThat(raw.readResponse().status()).isEqualTo(200);
    }
  }
}
