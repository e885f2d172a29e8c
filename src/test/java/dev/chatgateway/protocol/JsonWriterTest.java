package dev.chatgateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  @Test
  void commasStandWhereTheyShould() {
    JsonWriter json = new JsonWriter(1)
        .beginObject()
        .field("a", 1)
        .field("b", true)
        .name("c")
        .beginArray()
        .value("x")
        .value(null)
        .beginObject()
        .endObject()
        .value(-5)
        .endArray()
        .name("d")
        .beginObject()
        .idField("id", "7")
        .endObject()
        .field("e", (String) null)
        .endObject();

    assertThat(json)
        .hasToString("{\"a\":1,\"b\":true,\"c\":[\"x\",null,{},-5],\"d\":{\"id\":7},\"e\":null}");
    assertThat(json.toBytes()).asString(StandardCharsets.UTF_8).isEqualTo(json.toString());
  }

  @Test
  void everyCharacterIsReadBackAsItWas() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x3000; c++) {
      all.append(c);
    }
    all.append("\u2028\u2029\uFEFF😀");
    String json =
        new JsonWriter().beginObject().field("s", all.toString()).endObject().toString();

    assertThat(JsonReader.object(json).get("s").textValue()).isEqualTo(all.toString());
  }

  @Test
  void encodedValuesAndMembersAreSplicedIn() {
    JsonWriter json = new JsonWriter()
        .beginObject()
        .field("a", 1)
        .members("{\"b\":2,\"c\":3}".getBytes(StandardCharsets.UTF_8))
        .members("{}".getBytes(StandardCharsets.UTF_8))
        .name("d")
        .raw("[1]".getBytes(StandardCharsets.UTF_8))
        .field("e", 5)
        .endObject();

    assertThat(json).hasToString("{\"a\":1,\"b\":2,\"c\":3,\"d\":[1],\"e\":5}");
  }

  @Test
  void membersMayComeFirst() {
    byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
    assertThat(new JsonWriter().beginObject().members(none).field("a", 1).endObject())
        .hasToString("{\"a\":1}");
  }
}
