package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.ChatClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The two doors share what a pod takes of new connections. */
@QuarkusTest
@TestProfile(AdmissionAtBothDoorsTest.TwoConnections.class)
class AdmissionAtBothDoorsTest {
  private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");
  private static final int RETRY_AFTER_S = 7;

  /** Room for two, and for nobody after them while the test lasts. */
  public static class TwoConnections implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "chat.admission.per-second", "1",
          "chat.admission.burst", "2",
          "chat.admission.retry-after", Integer.toString(RETRY_AFTER_S));
    }
  }

  @TestHTTPResource("/")
  URI gateway;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void whoIsOneTooManyIsToldWhenToComeBackAndWhoIsInGoesOn() throws Exception {
    HttpResponse<String> opened = polling("");
    assertThat(opened.statusCode()).isEqualTo(200);
    Matcher sid = SID.matcher(opened.body());
    assertThat(sid.find()).isTrue();
    try (ChatClient admitted = ChatClient.connect(gateway)) {
      admitted.awaitEvent("chat_connected");
      // One more per second may come: until somebody is refused.
      HttpResponse<?> refusal = refusedAtTheSocket();
      assertRefused(refusal.statusCode(), refusal.headers());
      HttpResponse<String> refused = polling("");
      while (refused.statusCode() == 200) {
        refused = polling("");
      }
      assertRefused(refused.statusCode(), refused.headers());
      assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(refused.body()).contains("\"code\":\"unavailable\"", "\"retry\":true");
      assertThat(refused.headers().allValues("Cache-Control")).contains("no-store");

      String session = "&sid=" + sid.group(1);
      HttpRequest enter = HttpRequest.newBuilder(uri(session))
          .POST(BodyPublishers.ofString("40"))
          .build();
      assertThat(http.send(enter, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      assertThat(polling(session).statusCode()).isEqualTo(200);
    }
  }

  private HttpResponse<?> refusedAtTheSocket() {
    while (true) {
      try {
        return ChatClient.to(gateway.resolve("/chat")).refusal();
      } catch (AssertionError admitted) {
        // the next one then
      }
    }
  }

  private static void assertRefused(int status, HttpHeaders headers) {
    assertThat(status).isEqualTo(503);
    assertThat(headers.firstValueAsLong("Retry-After").orElseThrow())
        .isBetween(1L, (long) RETRY_AFTER_S);
  }

  private HttpResponse<String> polling(String more) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri(more)).build(), BodyHandlers.ofString());
  }

  private URI uri(String more) {
    return gateway.resolve("/socket.io/?EIO=4&transport=polling" + more);
  }
}
