package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.presence.PeersConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.validation.constraints.Pattern;
import java.lang.reflect.AnnotatedParameterizedType;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnAddressTest {
  private static OwnAddress own(String listeningOn, Map<String, String> settings) {
    PeersConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(settings, "test", 100))
        .withMapping(PeersConfig.class)
        .build()
        .getConfigMapping(PeersConfig.class);
    return new OwnAddress(config, listeningOn);
  }

  private static OwnAddress given(String address) {
    return own("0.0.0.0", Map.of("chat.peers.address", address));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.7:8080, 10.0.0.7:8080",
    "fd00::12:8080, [fd00::12]:8080",
    "[fd00::12]:8080, [fd00::12]:8080",
    "::1:80, [::1]:80",
    "pod-7.chat.example:8080, pod-7.chat.example:8080"
  })
  void bracketsAreAddedToAnIPv6Address(String given, String announced) throws Exception {
    assertThat(given(given).plain(8080).authority()).isEqualTo(announced);
    AnnotatedParameterizedType type = (AnnotatedParameterizedType)
        PeersConfig.class.getMethod("address").getAnnotatedReturnType();
    Pattern pattern = type.getAnnotatedActualTypeArguments()[0].getAnnotation(Pattern.class);
    assertThat(given).matches(pattern.regexp());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fd00::12", "::1"})
  void aServerOnOneIPv6AddressIsAnnouncedWithBrackets(String host) {
    assertThat(own(host, Map.of()).plain(8080).authority()).isEqualTo("[" + host + "]:8080");
  }

  @Test
  void aMachineWithoutIPv4IsReachedByIPv6() throws Exception {
    InetAddress loopback = InetAddress.getByName("::1");
    InetAddress link = InetAddress.getByName("fe80::1");
    InetAddress six = InetAddress.getByName("fd00::12");
    InetAddress four = InetAddress.getByName("10.0.0.7");

    assertThat(OwnAddress.first(List.of(loopback, link, six))).isEqualTo("fd00:0:0:0:0:0:0:12");
    assertThat(OwnAddress.first(List.of(loopback, link, six, four))).isEqualTo("10.0.0.7");
    assertThat(OwnAddress.first(List.of(loopback, link))).isEqualTo("127.0.0.1");
  }

  @Test
  void tlsIsSpokenToAPortThatSpeaksIt() {
    OwnAddress own = own("10.0.0.7", Map.of());

    assertThat(own.plain(8080)).hasToString("10.0.0.7:8080 -");
    assertThat(own.tls(8443)).hasToString("10.0.0.7:8443 10.0.0.7");
  }

  @Test
  void theNameInTheCertificateMayBeAnother() {
    OwnAddress own = own(
        "0.0.0.0",
        Map.of("chat.peers.address", "fd00::12:8443", "chat.peers.tls-name", "chat.example.com"));

    assertThat(own.tls(8443)).hasToString("[fd00::12]:8443 chat.example.com");
  }

  @Test
  void anAddressWithThePlainPortStaysPlain() {
    OwnAddress own = given("10.0.0.7:8080");

    own.plain(8080);

    assertThat(own.tls(8443)).hasToString("10.0.0.7:8080 -");
  }
}
