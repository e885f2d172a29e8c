package dev.chatgateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  @Test
  void nestingEndsAt32() {
    String deepest = nested(JsonReader.MAX_DEPTH - 1);
    assertThat(JsonReader.object(deepest)).isNotNull();
    assertThat(JsonReader.isObject(utf8(deepest))).isTrue();

    String deeper = nested(JsonReader.MAX_DEPTH);
    assertThatThrownBy(() -> JsonReader.object(deeper))
        .isInstanceOf(ChatException.class)
        .hasMessageContaining("nested deeper than 32");
    assertThat(JsonReader.isObject(utf8(deeper))).isFalse();
  }

  @Test
  void numbersEndAt100Characters() {
    assertThat(JsonReader.object("{\"n\":" + "9".repeat(100) + "}")).isNotNull();
    assertThatThrownBy(() -> JsonReader.object("{\"n\":" + "9".repeat(101) + "}"))
        .isInstanceOf(ChatException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":1,\"a\":2}",
        "// x\n{}",
        "{\"a\":\"\u0001\"}"
      })
  void whatIsNotOneJsonObjectIsABadRequest(String text) {
    assertThatThrownBy(() -> JsonReader.object(text))
        .isInstanceOfSatisfying(
            ChatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    assertThat(JsonReader.isObject(utf8(text))).isFalse();
  }

  @Test
  void bytesThatAreNotUtf8AreABadRequest() {
    byte[] bad = {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, '(', '"', '}'};
    assertThatThrownBy(() -> JsonReader.object(bad)).isInstanceOf(ChatException.class);
    assertThat(JsonReader.isObject(bad)).isFalse();
  }

  @Test
  void theMessageNeverQuotesTheInput() {
    assertThatThrownBy(() -> JsonReader.object("{\"a\": secret}"))
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatAClientPutInComesOutTheSame() {
    String json = "{\"a\":[1.10,1e400,-0.0,12345678901234567890,\"\u00e9\",null,true,{}]}";
    assertThat(JsonReader.bytes(JsonReader.object(json).get("a")))
        .asString(StandardCharsets.UTF_8)
        .satisfies(out ->
            assertThat(JsonReader.object("{\"a\":" + out + "}")).isEqualTo(JsonReader.object(json)))
        .contains("1.10", "12345678901234567890");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":\"\\ud800\"}|{\"a\":\"\uFFFD\"}",
        "{\"a\":[{\"b\":\"x\\udc00\"}]}|{\"a\":[{\"b\":\"x\uFFFD\"}]}",
        "{\"a\":{\"\\ud800\":1}}|{\"a\":{\"\uFFFD\":1}}",
        "{\"a\":\"\\udc00\\ud800\"}|{\"a\":\"\uFFFD\uFFFD\"}",
        "{\"a\":\"\\ud83d\\ud83d\\ude00\"}|{\"a\":\"\uFFFD\uD83D\uDE00\"}"
      })
  void halfASurrogatePairIsReplaced(String json, String whole) {
    assertThat(JsonReader.bytes(JsonReader.object(json)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(whole);
  }

  private static String nested(int arrays) {
    return "{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
