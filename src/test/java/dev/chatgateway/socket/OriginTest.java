package dev.chatgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose pages may connect where no list says. */
@QuarkusTest
class OriginTest {
  @TestHTTPResource("/chat")
  URI gateway;

  private int statusOf(String origin) {
    String host = gateway.getAuthority();
    return RawSocket.status(gateway, "Origin: " + origin.replace("HOST", host));
  }

  @Test
  void aClientThatIsNoBrowserMay() {
    assertThat(RawSocket.status(gateway)).isEqualTo(101);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://HOST", "https://HOST"})
  void aPageOfTheSameHostMay(String origin) {
    assertThat(statusOf(origin)).isEqualTo(101);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "https://evil.example",
        "http://HOST.evil.example",
        "http://evilHOST",
        "http://evil.example/HOST",
        "http://evil.example?HOST",
        "http://evil.example#HOST",
        "http://HOST@evil.example",
        "http://x@HOST",
        "HOST",
        "//",
        "http://",
        "http://HOST0",
        "http://evil.example, http://HOST",
        "file://",
        "http://[",
        "%"
      })
  void noOtherPageMay(String origin) {
    assertThat(statusOf(origin)).isEqualTo(403);
  }
}
