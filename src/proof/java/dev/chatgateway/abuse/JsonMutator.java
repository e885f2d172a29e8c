package dev.chatgateway.abuse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Damages valid JSON by its structure, one value at a time, so that what is behind the reader is
 * reached, or by its letters, so that it isn't.
 */
final class JsonMutator {
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);
  private static final JsonMapper RAW = JsonMapper.builder().build();
  private static final JsonMapper ESCAPING =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final Pattern KEY = Pattern.compile("\"[a-z_]+\":");
  private static final List<String> STRINGS = List.of(
      "",
      " ",
      "*",
      "{t:1}",
      "../x",
      "a b",
      "\0",
      "\ud800",
      "\udc00\ud800",
      "a\udfff",
      "\r\nSET a b\r\n",
      "\u202e\u0301\u2028",
      "\ud83d\ude00\ud83d\ude00",
      "\u007f\u0085\uffff\ufeff",
      "<script>",
      "%s%n%x",
      "${jndi:ldap://x}",
      "{0} {}",
      "null",
      "__proto__");
  private static final List<String> NUMBERS = List.of(
      "-1",
      "0",
      "-0.0",
      "1.5",
      "1e400",
      "1e-400",
      "2147483648",
      "2251799813685247",
      "9007199254740993",
      "9223372036854775807",
      "9223372036854775808",
      "-9223372036854775809",
      "1" + "0".repeat(90),
      "0." + "3".repeat(90));
  private static final int[] LENGTHS = {0, 1, 63, 64, 65, 66, 255, 256, 1000, 7999, 8000, 8001, 9000
  };
  private static final int[] COUNTS = {0, 1, 99, 100, 101, 300};
  private static final List<String> SNIPPETS =
      List.of("\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\ud83d\ude00", "é", "e9");

  private final Random random;

  JsonMutator(Random random) {
    this.random = random;
  }

  // --- by its structure

  /** Changes one value, or one member, anywhere in that object, and only in that way. */
  void change(ObjectNode valid, Flaw flaw) {
    List<JsonNode> containers = new ArrayList<>();
    collect(valid, containers);
    JsonNode at = containers.get(random.nextInt(containers.size()));
    if (at instanceof ArrayNode array && !array.isEmpty()) {
      int place = random.nextInt(array.size());
      switch (flaw) {
        case MISSING -> array.remove(place);
        case EXTRA -> array.insert(place, odd(Flaw.TYPE));
        default -> array.set(place, odd(flaw));
      }
    } else {
      change(at instanceof ObjectNode object ? object : valid, flaw, random.nextInt(3));
    }
  }

  private void change(ObjectNode object, Flaw flaw, int how) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty() || flaw == Flaw.EXTRA) {
      String name = how == 0 ? "user_id" : how == 1 ? "x" : string();
      object.set(name, odd(Flaw.TYPE));
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    if (flaw != Flaw.MISSING) {
      object.set(name, odd(flaw));
    } else if (how == 0) {
      object.putNull(name);
    } else {
      object.remove(name);
    }
  }

  /** A value that is odd in that way. */
  JsonNode odd(Flaw flaw) {
    return switch (flaw) {
      case LENGTH ->
        random.nextInt(3) == 0
            ? many(COUNTS[random.nextInt(COUNTS.length)])
            : NODES.textNode("x".repeat(LENGTHS[random.nextInt(LENGTHS.length)]));
      case CHARSET -> NODES.textNode(string());
      case NESTING -> nested(1 + random.nextInt(24));
      case NUMBER -> number();
      default ->
        switch (random.nextInt(7)) {
          case 0 -> NODES.nullNode();
          case 1 -> NODES.booleanNode(random.nextBoolean());
          case 2 -> NODES.arrayNode();
          case 3 -> NODES.objectNode();
          case 4 -> NODES.arrayNode().addNull().add(1).add("a").addObject();
          case 5 -> NODES.numberNode(random.nextInt());
          default -> NODES.textNode("s" + random.nextInt());
        };
    };
  }

  /** A string that is odd by its characters. */
  String string() {
    return STRINGS.get(random.nextInt(STRINGS.size()));
  }

  private JsonNode number() {
    String digits = NUMBERS.get(random.nextInt(NUMBERS.size()));
    return digits.matches("-?\\d+")
        ? NODES.numberNode(new BigInteger(digits))
        : NODES.numberNode(new BigDecimal(digits));
  }

  private JsonNode nested(int depth) {
    JsonNode node = NODES.arrayNode();
    for (int i = 0; i < depth; i++) {
      node = random.nextBoolean()
          ? NODES.arrayNode().add(node)
          : NODES.objectNode().set("a", node);
    }
    return node;
  }

  private static JsonNode many(int count) {
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < count; i++) {
      array.add("m" + i);
    }
    return array;
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.isContainerNode()) {
      into.add(node);
      node.forEach(inside -> collect(inside, into));
    }
  }

  /** As text, every second time with escapes, and always where halves of surrogate pairs are. */
  String text(JsonNode node) {
    try {
      String raw = random.nextBoolean() ? RAW.writeValueAsString(node) : null;
      return raw != null && StandardCharsets.UTF_8.newEncoder().canEncode(raw)
          ? raw
          : ESCAPING.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  // --- by its letters

  /** That text with a flaw of the text. */
  String damage(String valid, Flaw flaw) {
    return switch (flaw) {
      case DUPLICATE -> beforeKey(valid, "");
      case DEPTH -> beforeKey(valid, deep());
      case DIGITS ->
        beforeKey(
            valid,
            random.nextBoolean()
                ? "\"n\":" + "7".repeat(101 + random.nextInt(2000)) + ","
                : "\"n\":1e" + (random.nextBoolean() ? "-" : "") + "99999999999,");
      case CONTROL -> {
        int at = valid.indexOf('"', random.nextInt(valid.length())) + 1;
        yield valid.substring(0, at) + (char) random.nextInt(32) + valid.substring(at);
      }
      default -> letters(valid);
    };
  }

  /** Puts that before one of the keys; where it is nothing, the same key. */
  private String beforeKey(String valid, String member) {
    List<Integer> keys = new ArrayList<>();
    for (Matcher all = KEY.matcher(valid); all.find(); ) {
      keys.add(all.start());
    }
    if (keys.isEmpty()) {
      return letters(valid);
    }
    int at = keys.get(random.nextInt(keys.size()));
    String same = valid.substring(at, valid.indexOf(':', at) + 1) + "0,";
    return valid.substring(0, at) + (member.isEmpty() ? same : member) + valid.substring(at);
  }

  private String deep() {
    int depth = 33 + random.nextInt(900);
    boolean closed = random.nextInt(4) > 0;
    return "\"n\":" + "[".repeat(depth) + (closed ? "]".repeat(depth) : "") + ",";
  }

  /** That text with letters lost, doubled, swapped or put in. */
  private String letters(String text) {
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + 1 + random.nextInt(8));
    String head = text.substring(0, from);
    String tail = text.substring(to);
    return switch (random.nextInt(5)) {
      case 0 -> head;
      case 1 -> head + tail;
      case 2 ->
        head + text.substring(from, to).repeat(1 + random.nextInt(40)) + text.substring(from);
      case 3 -> head + (char) (' ' + random.nextInt(95)) + tail;
      default -> head + SNIPPETS.get(random.nextInt(SNIPPETS.size())) + text.substring(from);
    };
  }
}
