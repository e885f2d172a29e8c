package dev.chatgateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFrameTest {
  @Test
  void aWholeFrame() {
    ClientFrame frame =
        ClientFrame.parse("{\"event\":\"typing_start\",\"ref\":7,\"data\":{\"ticket_id\":1}}");

    assertThat(frame.problem()).isNull();
    assertThat(frame.event()).isEqualTo("typing_start");
    assertThat(frame.ref()).isEqualTo("7");
    assertThat(frame.data().get("ticket_id").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"event\":\"x\"}", "{\"event\":\"x\",\"ref\":null,\"data\":null}"})
  void refAndDataMayBeLeftOut(String text) {
    ClientFrame frame = ClientFrame.parse(text);
    assertThat(frame.problem()).isNull();
    assertThat(frame.ref()).isNull();
    assertThat(frame.data()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'0', '0'", "'-5', '-5'", "'9223372036854775807', '9223372036854775807'",
        "'\"a\"', '\"a\"'", "'\"\"', '\"\"'", "'\"a\\\"b\\u0001\"', '\"a\\\"b\\u0001\"'"
      })
  void theRefComesBackAsItCame(String ref, String json) {
    assertThat(ClientFrame.parse("{\"event\":\"x\",\"ref\":" + ref + "}").ref()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "9223372036854775808", "true", "[]", "{}"})
  void aRefThatIsNoneIsABadFrame(String ref) {
    ClientFrame frame = ClientFrame.parse("{\"event\":\"x\",\"ref\":" + ref + "}");
    assertThat(frame.ref()).isNull();
    assertThat(frame.problem()).hasMessageStartingWith("ref: ");
  }

  @Test
  void aRefHasAtMost64Characters() {
    assertThat(ClientFrame.parse(withRef("x".repeat(64))).problem()).isNull();
    assertThat(ClientFrame.parse(withRef("x".repeat(65))).problem()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ref\":3}",
        "{\"ref\":3,\"event\":7}",
        "{\"ref\":3,\"event\":null}",
        "{\"ref\":3,\"event\":\"x\",\"data\":[]}",
        "{\"ref\":3,\"event\":\"x\",\"more\":1}"
      })
  void theRefOfABadFrameCanStillBeAnswered(String text) {
    ClientFrame frame = ClientFrame.parse(text);
    assertThat(frame.ref()).isEqualTo("3");
    assertThat(frame.problem().code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(frame.event()).isNull();
  }

  @Test
  void anOverlongEventIsABadFrame() {
    ClientFrame frame = ClientFrame.parse("{\"event\":\"" + "x".repeat(65) + "\"}");
    assertThat(frame.problem().code()).isEqualTo(ErrorCode.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "nonsense", "{", "\u0000"})
  void nothingIsThrownForWhatIsNoFrame(String text) {
    assertThat(ClientFrame.parse(text).problem().code()).isEqualTo(ErrorCode.BAD_REQUEST);
  }

  private static String withRef(String ref) {
    return "{\"event\":\"x\",\"ref\":\"" + ref + "\"}";
  }
}
