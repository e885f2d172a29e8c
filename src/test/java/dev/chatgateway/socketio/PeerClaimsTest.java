package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.presence.PeerSecret;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.testing.RawSocket;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests come to a pod that claim to be passed on by another. */
class PeerClaimsTest {
  private static final String STRANGER = "0123abcv";
  private static final String FOREIGN = "Origin: https://evil.example";
  private static final String QUESTION = "/socket.io/";
  private static final Logger LOGGER = Logger.getLogger(PeerProof.class.getName());

  private final List<LogRecord> logged = new ArrayList<>();
  private final Handler capture = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      logged.add(entry);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  private final DoorPods pods = new DoorPods();
  private final DoorPods.DoorPod pod = pods.owner;
  private final String sid = pod.open();

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(capture);
  }

  @AfterEach
  void stop() {
    LOGGER.removeHandler(capture);
    LOGGER.setUseParentHandlers(true);
    pods.close();
  }

  private PeerProof proof(DoorPods of, LongSupplier time) {
    return new PeerProof(STRANGER, new PeerSecret(of.other.pod.config(PeersConfig.class)), time);
  }

  private String claim(HttpMethod method, String uri) {
    return line(proof(pods, pod.pod.pod()::nowMs).claim(method, uri));
  }

  private static String line(PeerProof.Claim claim) {
    return claim.header() + ": " + claim.value();
  }

  private static String question(String... headers) {
    return "HEAD " + QUESTION + " HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers)
        + "\r\nConnection: close\r\n\r\n";
  }

  @Test
  void aProvedQuestionIsAnsweredWithAProof() {
    PeerProof proof = proof(pods, pod.pod.pod()::nowMs);
    PeerProof.Claim claim = proof.claim(HttpMethod.HEAD, QUESTION);

    RawSocket.Response answer = pod.ask(question(line(claim)));

    assertThat(answer.status()).isEqualTo(204);
    String header = answer.head().replaceFirst("(?si).*chat-answered-by: ([^\r]*)\r.*", "$1");
    assertThat(proof.isAnswer(header, pod.id(), claim.number())).isTrue();
    assertThat(proof.isAnswer(header, STRANGER, claim.number())).isFalse();
    assertThat(proof.isAnswer(header, pod.id(), "B".repeat(22))).isFalse();
    assertThat(logged).isEmpty();
  }

  @Test
  void aFalseClaimIsRefusedAndLoggedOnce() {
    long now = pod.pod.pod().nowMs();
    String number = "A".repeat(22);
    List<String> claims = List.of(
        "Chat-Forwarded-By: x",
        "Chat-Forwarded-By:",
        "Chat-Forwarded-By: " + STRANGER + " " + now + " " + number,
        "Chat-Forwarded-By: " + STRANGER + " " + now + " " + number + " -",
        "Chat-Forwarded-By: " + STRANGER + " " + now + " " + number + " " + "0".repeat(64),
        claim(HttpMethod.GET, QUESTION),
        claim(HttpMethod.HEAD, QUESTION + "?x"),
        claim(HttpMethod.HEAD, QUESTION) + "\r\n" + claim(HttpMethod.HEAD, QUESTION),
        claim(HttpMethod.HEAD, QUESTION).replace(STRANGER, "00000000"),
        line(proof(pods, () -> now - 31_000).claim(HttpMethod.HEAD, QUESTION)),
        line(proof(pods, () -> now + 40_000).claim(HttpMethod.HEAD, QUESTION)));

    for (String claim : claims) {
      assertThat(pod.ask(question(claim)).status()).as(claim).isEqualTo(403);
    }
    assertThat(logged).singleElement().satisfies(entry -> {
      assertThat(entry.getLevel().intValue()).isEqualTo(Level.WARNING.intValue());
      assertThat(entry.getMessage()).contains("chat.peers.secret");
    });
  }

  @Test
  void aPageOfAnotherSiteIsRefusedWhateverIsClaimed() {
    String uri = PassedOn.uri("websocket", sid);
    String late = DoorPods.LATE_HEADER + ": Chat-Forwarded-By#x";

    assertThat(pod.ask(pods.upgrade(sid, FOREIGN)).status()).isEqualTo(403);
    assertThat(pod.ask(pods.upgrade(sid, FOREIGN, late)).status()).isEqualTo(403);
    String proved = claim(HttpMethod.GET, uri);
    assertThat(pod.ask(pods.upgrade(sid, FOREIGN, proved).replaceFirst("/socket.io/[^ ]*", uri))
            .status())
        .isEqualTo(403);
    assertThat(pods.other.ask(pods.upgrade(sid, FOREIGN)).status()).isEqualTo(403);
    assertThat(pods.other.ask(pods.poll(sid, FOREIGN)).status()).isEqualTo(403);
  }

  @Test
  void withoutASecretAClaimGainsAPageNothing() {
    try (DoorPods open = new DoorPods("chat.peers.secret", "")) {
      String session = open.owner.open();
      String claim = line(proof(open, open.owner.pod.pod()::nowMs)
          .claim(HttpMethod.GET, PassedOn.uri("websocket", session)));

      assertThat(open.owner.ask(open.upgrade(session, FOREIGN, claim)).status()).isEqualTo(403);
      assertThat(open.other.ask(open.post(session, "3")).body()).isEqualTo("ok");
    }
  }

  @Test
  void onlyAPodMaySayThatAWayCloses() {
    RawSocket.Response answer = pod.ask(pods.head("DELETE", sid) + "\r\n");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.head().toLowerCase(java.util.Locale.ROOT))
        .contains("allow: get, post, options");
    String uri = PassedOn.uri("polling", sid);
    String proved = "DELETE " + uri + " HTTP/1.1\r\nHost: x\r\n" + claim(HttpMethod.DELETE, uri)
        + "\r\nConnection: close\r\n\r\n";
    assertThat(pod.ask(proved).status()).isEqualTo(204);
  }

  @Test
  void thePageThatMayReadAnAnswerIsNamedByThePodItCameThrough() {
    String origin = "Origin: http://chat.example";

    RawSocket.Response answer = pods.other.ask(pods.post(sid, "3", origin));

    assertThat(answer.body()).isEqualTo("ok");
    assertThat(answer.head().toLowerCase(java.util.Locale.ROOT))
        .containsOnlyOnce("access-control-allow-origin: http://chat.example")
        .containsOnlyOnce("access-control-allow-credentials: true");
  }
}
