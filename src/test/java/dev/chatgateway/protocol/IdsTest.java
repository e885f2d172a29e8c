package dev.chatgateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "-1", "123456789012345", "-123456789012345"})
  void canonicalIntegersOfUpTo15DigitsGoOutAsNumbers(String id) {
    assertThat(Ids.isNumber(id)).isTrue();
    assertThat(new JsonWriter().id(id)).hasToString(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1234567890123456",
        "-1234567890123456",
        "-0",
        "007",
        "00",
        "-01",
        "-",
        "+1",
        "1.0",
        "1e3",
        "0x1",
        "a7",
        "7a",
        "--1",
        "1-"
      })
  void anythingElseStaysAString(String id) {
    assertThat(Ids.isNumber(id)).isFalse();
    assertThat(new JsonWriter().id(id)).hasToString('"' + id + '"');
  }

  @Test
  void aNumberComesBackAsItCame() {
    assertThat(Ids.of(node("{\"id\":7}"), "id")).isEqualTo("7");
    assertThat(Ids.of(node("{\"id\":-0}"), "id")).isEqualTo("0");
    assertThat(Ids.of(node("{\"id\":\"-0\"}"), "id")).isEqualTo("-0");
    assertThat(Ids.of(node("{\"id\":\"007\"}"), "id")).isEqualTo("007");
    String big = BigInteger.TEN.pow(40).toString();
    assertThat(Ids.of(node("{\"id\":" + big + "}"), "id")).isEqualTo(big);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0",
        "1.5",
        "1e2",
        "true",
        "null",
        "[]",
        "{}",
        "\"\"",
        "\" \"",
        "\"a b\"",
        "\"é\"",
        "\"a\\nb\"",
        "\"{x}\"",
        "\"a/b\""
      })
  void whatIsNoIdIsRefusedByItsPath(String json) {
    assertThatThrownBy(() -> Ids.of(node("{\"id\":" + json + "}"), "data.id"))
        .isInstanceOf(ChatException.class)
        .hasMessageStartingWith("data.id: ");
  }

  @Test
  void allAllowedCharactersUpTo64() {
    assertThat(Ids.isValid("AZaz09_.:-")).isTrue();
    assertThat(Ids.isValid("x".repeat(64))).isTrue();
    assertThat(Ids.isValid("x".repeat(65))).isFalse();
    assertThat(Ids.isValid(null)).isFalse();
    assertThat(Ids.isValid("")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth0|5f7c", "ann+chat@example.com", "@", "|", "+", "a:b"})
  void usersIdsHoldWhatIssuersPutThere(String id) {
    assertThat(Ids.isValidUser(id)).isTrue();
    assertThat(Ids.ofUser(node("{\"id\":\"" + id + "\"}"), "id")).isEqualTo(id);
    if (!id.equals("a:b")) {
      assertThatThrownBy(() -> Ids.require(id, "ticket_id")).hasMessageContaining("ticket_id");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "{a}", "a}", "a/b", "a\n", "a%7C", "a\"", "a,b", "ä", "a\u0000"})
  void norAnythingElse(String id) {
    assertThatThrownBy(() -> Ids.requireUser(id, "user_id")).hasMessageContaining("user_id");
  }

  private static JsonNode node(String json) {
    return JsonReader.object(json).get("id");
  }
}
