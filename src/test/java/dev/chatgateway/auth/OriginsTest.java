package dev.chatgateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose pages may connect, by the list and by the host. */
class OriginsTest {
  private static final String HOST = "chat.example.com";

  private static Origins origins(boolean sameOrigin, String... allowed) {
    return new Origins(new OriginConfig() {
      @Override
      public Optional<List<String>> allowedOrigins() {
        return allowed.length == 0 ? Optional.empty() : Optional.of(List.of(allowed));
      }

      @Override
      public boolean sameOrigin() {
        return sameOrigin;
      }
    });
  }

  private static boolean admits(Origins origins, String origin) {
    return origins.admits(List.of(origin), HOST);
  }

  @ParameterizedTest
  @CsvSource({
    "' https://a.example', https://a.example",
    "'https://a.example ', https://a.example",
    "https://a.example/, https://a.example",
    "' https://A.example/ ', https://a.example",
    "HTTPS://a.example, https://a.example",
    "https://a.example:443, https://a.example",
    "http://a.example:80/, http://a.example",
    "https://a.example:8443, https://a.example:8443",
    "http://localhost:3000/, http://localhost:3000",
    "'http://[::1]:3000', 'http://[::1]:3000'",
    "https://xn--bcher-kva.example, https://xn--bcher-kva.example",
    "capacitor://localhost, capacitor://localhost",
    "chrome-extension://abcdefgh/, chrome-extension://abcdefgh",
    "null, null",
  })
  void entriesAreUnderstoodHoweverTheyAreWritten(String entry, String origin) {
    Origins origins = origins(false, "https://first.example", entry, " ");

    assertThat(admits(origins, origin)).isTrue();
    assertThat(admits(origins, "https://first.example")).isTrue();
    assertThat(admits(origins, "https://b.example")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "https://*.example.com",
        "a.example",
        "//a.example",
        "https://",
        "https:/a.example",
        "https://a.example/path",
        "https://a.example//",
        "https://a.example?x",
        "https://a.example#x",
        "https://x@a.example",
        "https://a.example https://b.example",
        "https://a.example;https://b.example",
        "\"https://a.example\"",
        "https://a.example:",
        "https://a.example:x",
        "https://a.example:123456",
        "https://b\u00fccher.example",
        "[https://a.example]"
      })
  void entryThatIsNoOriginStopsTheStart(String entry) {
    assertThatThrownBy(() -> origins(true, "https://first.example", entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chat.socket.allowed-origins")
        .hasMessageContaining(entry);
  }

  @Test
  void listOfBlanksStopsTheStart() {
    assertThatThrownBy(() -> origins(true, " ", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chat.socket.allowed-origins");
  }

  /** As browsers, Python's websocket-client and Swift's Starscream send them. */
  @ParameterizedTest
  @CsvSource({
    "https://chat.example.com, chat.example.com",
    "http://chat.example.com, chat.example.com",
    "wss://chat.example.com, chat.example.com:443",
    "ws://chat.example.com, chat.example.com:80",
    "https://chat.example.com:443, chat.example.com",
    "http://chat.example.com:8080, chat.example.com:8080",
    "ws://chat.example.com:8080, CHAT.example.com:8080",
    "http://[::1], [::1]",
    "http://[::1]:80, [::1]",
    "http://[::1]:8080, [::1]:8080",
  })
  void sameHostPasses(String origin, String host) {
    assertThat(origins(true, "https://a.example").admits(List.of(origin), host)).isTrue();
    assertThat(origins(true).admits(List.of(origin), host)).isTrue();
    assertThat(origins(false, "https://a.example").admits(List.of(origin), host))
        .isFalse();
    assertThat(origins(false).admits(List.of(origin), host)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://chat.example.com:8443, chat.example.com",
    "https://chat.example.com, chat.example.com:80",
    "https://chat.example.com, chat.example.com:8443",
    "http://chat.example.com, chat.example.com:443",
    "https://evil.example, chat.example.com",
    "https://chat.example.com.evil.example, chat.example.com",
    "https://chat.example.com@evil.example, chat.example.com",
    "https://x@chat.example.com, chat.example.com",
    "chat.example.com, chat.example.com",
    "null, null",
    "x://, ''",
    "mailto:chat.example.com, chat.example.com",
  })
  void otherHostsDoNot(String origin, String host) {
    assertThat(origins(true).admits(List.of(origin), host)).isFalse();
    assertThat(origins(true, "https://a.example").admits(List.of(origin), host)).isFalse();
  }

  @Test
  void moreThanOneOriginIsNone() {
    Origins origins = origins(true, "https://a.example");

    assertThat(origins.admits(List.of("https://a.example", "https://a.example"), HOST))
        .isFalse();
    assertThat(origins.admits(List.of("https://" + HOST, "https://evil.example"), HOST))
        .isFalse();
    assertThat(origins.admits(List.of("https://a.example, https://" + HOST), HOST))
        .isFalse();
  }

  @Test
  void clientsWithoutOriginMay() {
    assertThat(origins(false, "https://a.example").admits(List.of(), null)).isTrue();
  }
}
