package dev.chatgateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private static final Set<String> NAMES = Set.of("a", "b");

  @Test
  void anUnknownFieldIsNamedButNotAtAnyLength() {
    refused(() -> of("{\"x\":1}"), ErrorCode.BAD_REQUEST, "data.x: unknown field");
    assertThatThrownBy(() -> of("{\"" + "x".repeat(5000) + "\":1}"))
        .hasMessageContaining("xxx…")
        .message()
        .hasSizeLessThan(100);
  }

  @Test
  void nullCountsAsAbsent() {
    Fields fields = of("{\"a\":null}");
    assertThat(fields.has("a")).isFalse();
    assertThat(fields.optionalString("a", 5)).isNull();
    assertThat(fields.optionalId("a")).isNull();
    assertThat(fields.optionalJson("a", 9)).isNull();
    assertThat(fields.optionalLong("a", 1, 2, -7)).isEqualTo(-7);
    assertThat(fields.optionalBool("a", true)).isTrue();
    refused(() -> fields.id("a"), ErrorCode.BAD_REQUEST, "data.a: is required");
    refused(() -> fields.string("a", 5), ErrorCode.BAD_REQUEST, "data.a: is required");
    refused(() -> fields.bool("a"), ErrorCode.BAD_REQUEST, "data.a: is required");
    refused(() -> fields.ids("a", 5), ErrorCode.BAD_REQUEST, "data.a: is required");
  }

  @Test
  void lengthIsCountedInCharactersNotInUtf16() {
    assertThat(of("{\"a\":\"😀😀\"}").optionalString("a", 2)).isEqualTo("😀😀");
    refused(
        () -> of("{\"a\":\"😀😀x\"}").optionalString("a", 2),
        ErrorCode.TOO_LARGE,
        "data.a: longer than 2");
    assertThat(of("{\"a\":\"x\\ud83d\"}").optionalString("a", 2)).isEqualTo("x\uFFFD");
  }

  @Test
  void jsonIsBoundedInEncodedBytes() {
    assertThat(of("{\"a\":{\"b\": \"\\u00e9\"}}").optionalJson("a", 10)).hasSize(10);
    refused(
        () -> of("{\"a\":{\"b\": \"\\u00e9\"}}").optionalJson("a", 9),
        ErrorCode.TOO_LARGE,
        "data.a: longer than 9 bytes of JSON");
  }

  @Test
  void aStringIsNotGuessedFromAnythingElse() {
    refused(
        () -> of("{\"a\":7}").optionalString("a", 9), ErrorCode.BAD_REQUEST, "must be a string");
    refused(() -> of("{\"a\":\"true\"}").bool("a"), ErrorCode.BAD_REQUEST, "must be true or false");
    refused(
        () -> of("{\"a\":\"7\"}").optionalLong("a", 0, 9, 0),
        ErrorCode.BAD_REQUEST,
        "must be an integer");
    refused(
        () -> of("{\"a\":7.0}").optionalLong("a", 0, 9, 0),
        ErrorCode.BAD_REQUEST,
        "must be an integer");
  }

  @Test
  void integersKeepTheirBounds() {
    assertThat(of("{\"a\":1}").optionalLong("a", 1, 5, 0)).isEqualTo(1);
    assertThat(of("{\"a\":5}").optionalLong("a", 1, 5, 0)).isEqualTo(5);
    refused(
        () -> of("{\"a\":0}").optionalLong("a", 1, 5, 0),
        ErrorCode.BAD_REQUEST,
        "must be from 1 to 5");
    refused(
        () -> of("{\"a\":6}").optionalLong("a", 1, 5, 0),
        ErrorCode.BAD_REQUEST,
        "must be from 1 to 5");
    refused(
        () -> of("{\"a\":99999999999999999999}").optionalLong("a", 1, 5, 0),
        ErrorCode.BAD_REQUEST,
        "must be an integer");
  }

  @Test
  void idsAreDistinctAndInOrder() {
    assertThat(of("{\"a\":[3,\"x\",\"3\",1]}").ids("a", 4)).containsExactly("3", "x", "1");
    refused(() -> of("{\"a\":[]}").ids("a", 4), ErrorCode.BAD_REQUEST, "must not be empty");
    refused(() -> of("{\"a\":[1,2,3]}").ids("a", 2), ErrorCode.TOO_LARGE, "more than 2 ids");
    refused(() -> of("{\"a\":[1,null]}").ids("a", 2), ErrorCode.BAD_REQUEST, "data.a[1]: ");
    refused(() -> of("{\"a\":\"1\"}").ids("a", 2), ErrorCode.BAD_REQUEST, "must be an array");
  }

  private static Fields of(String json) {
    return Fields.of(JsonReader.object(json), "data", NAMES);
  }

  private static void refused(ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(ChatException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
