package dev.chatgateway.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads JSON from outside: bounded in depth and number length, no duplicate keys, no trailers. */
public final class JsonReader {
  /** Deepest nesting of objects and arrays in anything read. */
  public static final int MAX_DEPTH = 32;

  private static final int MAX_NUMBER_LENGTH = 100;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private static final JsonFactory FACTORY = new JsonFactoryBuilder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNumberLength(MAX_NUMBER_LENGTH)
          .build())
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
      .build();

  // Decimals stay as they were written: what a client put into `data` comes out the same.
  private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private JsonReader() {}

  /**
   * The object that text is.
   *
   * @throws ChatException {@code bad_request} where it is not one JSON object
   */
  public static ObjectNode object(String text) {
    try {
      return requireObject(MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      throw rejected(e);
    } catch (NumberFormatException e) {
      throw badNumber();
    }
  }

  /** As {@link #object(String)}, of UTF-8 bytes, which may begin with a byte order mark. */
  public static ObjectNode object(byte[] utf8) {
    // Not by Jackson, which takes half a surrogate pair in a name for bad UTF-8.
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw ChatException.badRequest("$", "not UTF-8");
    }
    return object(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
  }

  /**
   * The UTF-8 bytes of a value from outside, with U+FFFD in place of each half of a surrogate pair.
   */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(Unicode.whole(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // whatever was read can be written
    }
  }

  /** Whether these bytes are one well-formed JSON object within the bounds. Allocates little. */
  public static boolean isObject(byte[] utf8) {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static ObjectNode requireObject(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ChatException.badRequest("$", "must be a JSON object");
  }

  // Jackson lets this through for an exponent that no decimal can have.
  private static ChatException badNumber() {
    return ChatException.badRequest("$", "holds a number out of range");
  }

  // Jackson's own message quotes the input, which may be anybody's.
  private static ChatException rejected(JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return ChatException.badRequest(
          "$", "nested deeper than " + MAX_DEPTH + " or holding an overlong number");
    }
    String where = e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + " column "
            + e.getLocation().getColumnNr();
    return ChatException.badRequest("$", "not valid JSON" + where);
  }
}
