package dev.chatgateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.testing.LogLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodMessagesTest {
  private final PodMessages messages = new PodMessages();
  private final List<String> heard = new ArrayList<>();

  PodMessagesTest() {
    messages.on(
        'x',
        (words, payload) ->
            heard.add(joined(words) + "/" + new String(payload, StandardCharsets.UTF_8)));
  }

  @Test
  void theHandlerOfTheKindGetsWordsAndPayload() {
    receive("1 x a b\nline\nline é");
    receive("1 x");
    assertThat(heard).containsExactly("a|b/line\nline é", "/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "1", "x", "2 x a", "1 xx a", "1  x", "1 y a", "11 x"})
  void anythingElseIsDropped(String text) {
    receive(text);
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsHugeIsDropped() {
    receive("1 x\n" + "x".repeat(128 * 1024));
    assertThat(heard).isEmpty();
  }

  @Test
  void aHandlerThatFailsHarmsNobody() {
    messages.on('f', (words, payload) -> words.number(0));
    receive("1 f");
    receive("1 f word");
    receive("1 x fine");
    assertThat(heard).containsExactly("fine/");
  }

  @Test
  void defectIsLoggedOnceAndWhatIsMalformedIsNot() {
    messages.on('f', (words, payload) -> words.number(0));
    messages.on('d', (words, payload) -> {
      throw new IllegalArgumentException("a defect");
    });
    try (LogLines errors = LogLines.errors()) {
      for (String malformed : List.of("", "2 f", "1 f", "1 f word", "1 f -1", "1 ? x")) {
        receive(malformed);
      }
      assertThat(errors.all()).isEmpty();
      for (int i = 0; i < 100; i++) {
        receive("1 d");
      }
      receive("1 x fine");
      assertThat(errors.all()).singleElement().asString().contains("channel pods");
      assertThat(heard).containsExactly("fine/");
    }
  }

  private static String joined(Words words) {
    return IntStream.range(0, words.count()).mapToObj(words::text).collect(Collectors.joining("|"));
  }

  @Test
  void aPayloadCanBeRequiredToBeAnObject() {
    byte[] object = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    assertThat(PodMessages.requireObject(object)).isSameAs(object);
    for (String other : List.of("", "[]", "{} {}", "{", "null")) {
      assertThatThrownBy(() -> PodMessages.requireObject(other.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private void receive(String text) {
    messages.received("pods", text.getBytes(StandardCharsets.UTF_8));
  }
}
