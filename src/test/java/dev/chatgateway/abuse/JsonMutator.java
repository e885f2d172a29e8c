package dev.chatgateway.abuse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Damages valid JSON: by its structure, so that most of it is still understood, or by its letters.
 */
final class JsonMutator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ODD = List.of(
      "null",
      "true",
      "-1",
      "0",
      "1.5",
      "1e400",
      "9223372036854775807",
      "9223372036854775808",
      "2251799813685247",
      "[]",
      "{}",
      "[[[[]]]]",
      "[null,1,\"a\",{}]",
      "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
      "\"\"",
      "\" \"",
      "\"*\"",
      "\"{t:1}\"",
      "\"../x\"",
      "\"\\u0000\"",
      "\"\\ud800\"",
      "\"\\udc00\\ud800\"",
      "\"\\r\\nSET a b\\r\\n\"",
      "\"\u202e\u0301\u2028\"",
      "\"😀😀😀\"",
      "\"<script>\"",
      "\"%s%n%x\"",
      "\"${jndi:ldap://x}\"",
      "\"{0} {}\"");
  private static final List<String> SNIPPETS =
      List.of("\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\u0000", "\ud83d\ude00", "é", "e9");

  private final Random random;

  JsonMutator(Random random) {
    this.random = random;
  }

  /** That JSON, damaged once or more often. */
  String mutate(String valid) {
    String text = random.nextInt(10) < 7 ? structure(valid) : valid;
    int letters = random.nextInt(10) < 6 ? 0 : 1 + random.nextInt(3);
    for (int i = 0; i < letters; i++) {
      text = letters(text);
    }
    return text;
  }

  /** That JSON with other values, members or elements: still JSON. */
  String structure(String valid) {
    JsonNode root = parse(valid);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      List<JsonNode> inner = new ArrayList<>();
      collect(root, inner);
      if (inner.isEmpty()) {
        return odd().toString();
      }
      JsonNode at = inner.get(random.nextInt(inner.size()));
      if (at instanceof ObjectNode object) {
        change(object);
      } else {
        change((ArrayNode) at);
      }
    }
    return root.toString();
  }

  private void change(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
    switch (random.nextInt(6)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(name + "x", object.get(name));
      case 2 -> object.set("\u0001" + random.nextInt(), odd());
      default -> object.set(name, odd());
    }
  }

  private void change(ArrayNode array) {
    if (array.isEmpty() || random.nextInt(4) == 0) {
      array.add(odd());
    } else if (random.nextInt(4) == 0) {
      array.remove(random.nextInt(array.size()));
    } else {
      array.set(random.nextInt(array.size()), odd());
    }
  }

  private JsonNode odd() {
    return switch (random.nextInt(60)) {
      case 0 -> JSON.getNodeFactory().textNode("x".repeat(random.nextInt(9_000)));
      case 1 -> nested(random.nextInt(40));
      case 2 -> many(random.nextInt(300));
      default -> parse(ODD.get(random.nextInt(ODD.size())));
    };
  }

  private static JsonNode nested(int depth) {
    JsonNode node = JSON.createArrayNode();
    for (int i = 0; i < depth; i++) {
      node = JSON.createArrayNode().add(node);
    }
    return node;
  }

  private static JsonNode many(int count) {
    ArrayNode array = JSON.createArrayNode();
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

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(json, e);
    }
  }

  /** That text with letters lost, doubled, swapped or put in. */
  String letters(String text) {
    if (text.isEmpty()) {
      return "{";
    }
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
