package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other sites, in a browser of somebody who uses the chat. */
class CrossSiteIT {
  private static final String OURS = "https://support.example.com";
  private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

  private static AbusedPod pod;

  @BeforeAll
  static void start() {
    pod = AbusedPod.start("chat.socket.allowed-origins", OURS, "chat.socket.same-origin", "false");
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  private static RawSocket.Response call(String method, String path, String body, String... more) {
    try (RawSocket raw = RawSocket.connect(pod.chat())) {
      String head = method + " " + path + " HTTP/1.1\r\nHost: " + pod.chat().getAuthority()
          + "\r\nContent-Length: " + body.length() + "\r\n"
          + String.join("", List.of(more).stream().map(line -> line + "\r\n").toList()) + "\r\n";
      raw.write((head + body).getBytes(StandardCharsets.UTF_8));
      return raw.readResponse();
    }
  }

  private static String newSession() {
    String opened = call("GET", POLLING, "", "Origin: " + OURS).body();
    int at = opened.indexOf("\"sid\":\"") + 7;
    return POLLING + "&sid=" + opened.substring(at, opened.indexOf('"', at));
  }

  private static boolean mayBeRead(RawSocket.Response response) {
    return response.head().toLowerCase(Locale.ROOT).contains("access-control-allow-origin");
  }

  @Test
  void ourPagesMay() {
    assertThat(RawSocket.status(pod.chat(), "Origin: " + OURS)).isEqualTo(101);
    assertThat(RawSocket.status(pod.socketIo(), "Origin: " + OURS)).isEqualTo(101);
    RawSocket.Response opened = call("GET", POLLING, "", "Origin: " + OURS);
    assertThat(opened.status()).isEqualTo(200);
    assertThat(mayBeRead(opened)).isTrue();
    assertThat(call("POST", newSession(), "40", "Origin: " + OURS).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "https://evil.example",
        "http://support.example.com",
        "https://support.example.com:8443",
        "https://support.example.com.",
        "https://support.example.com.evil.example",
        "https://evil-support.example.com",
        "https://support.example.com@evil.example",
        "https://evil.example#https://support.example.com",
        "https://SUPPORT.example.com",
        "https://support.example.com https://evil.example",
        "https://support.example.com,https://evil.example",
        "https://support.example.com/",
        "https://supp\u00f6rt.example.com",
        "file://",
        "chrome-extension://support.example.com"
      })
  void pagesOfOthersMayNot(String origin) {
    String line = "Origin: " + origin;
    assertThat(RawSocket.status(pod.chat(), line)).isEqualTo(403);
    assertThat(RawSocket.status(pod.socketIo(), line)).isEqualTo(403);
    String session = newSession();
    for (RawSocket.Response response : List.of(
        call("GET", POLLING, "", line),
        call("GET", session, "", line),
        call("POST", session, "40", line),
        call("POST", POLLING, "40", line, "Content-Type: text/plain"))) {
      assertThat(response.status()).isEqualTo(403);
      assertThat(mayBeRead(response)).isFalse();
    }
    // Nothing of it reached the session, which is still its owner's.
    RawSocket.Response upgrade = call("POST", session, "40", "Origin: " + OURS);
    assertThat(upgrade.status()).isEqualTo(200);
  }

  @Test
  void ownHostIsNotEnoughIfSaidSo() {
    String own = "Origin: http://" + pod.chat().getAuthority();
    assertThat(RawSocket.status(pod.chat(), own)).isEqualTo(403);
    assertThat(call("GET", POLLING, "", own).status()).isEqualTo(403);
  }

  @Test
  void twoOriginsAreNotTakenForOne() {
    assertThat(RawSocket.status(pod.chat(), "Origin: https://evil.example", "Origin: " + OURS))
        .isEqualTo(403);
  }

  /** What pods tell each other with is a header that a page has to ask leave for, and gets none. */
  @Test
  void aPageCanNotPassForAPod() {
    for (String origin : List.of(OURS, "https://evil.example")) {
      RawSocket.Response asked = call(
          "OPTIONS",
          POLLING,
          "",
          "Origin: " + origin,
          "Access-Control-Request-Method: GET",
          "Access-Control-Request-Headers: chat-forwarded-by");
      assertThat(asked.head().toLowerCase(Locale.ROOT)).doesNotContain("chat-forwarded-by");
    }
  }

  @Test
  void theApiIsNobodysPages() {
    RawSocket.Response asked = call(
        "OPTIONS",
        "/api/tickets/1/messages",
        "",
        "Origin: " + OURS,
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization");
    assertThat(mayBeRead(asked)).isFalse();
    pod.requireUnharmed();
  }
}
