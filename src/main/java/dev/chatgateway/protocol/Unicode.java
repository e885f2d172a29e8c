package dev.chatgateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Replaces halves of surrogate pairs by U+FFFD, as WebSocket clients do with text they send. JSON may
 * hold halves as escapes, but UTF-8 can't, and not every client's reader takes the escape.
 */
final class Unicode {
  private static final char REPLACEMENT = '\uFFFD';

  private Unicode() {}

  /** Returns the text with U+FFFD for each half of a pair; the same text where there is none. */
  static String whole(String text) {
    int half = nextHalf(text, 0);
    if (half < 0) {
      return text;
    }
    StringBuilder whole = new StringBuilder(text);
    for (; half >= 0; half = nextHalf(text, half + 1)) {
      whole.setCharAt(half, REPLACEMENT);
    }
    return whole.toString();
  }

  /** Returns the value with U+FFFD for each half in its strings and names; the same if it has none. */
  static JsonNode whole(JsonNode node) {
    return isWhole(node) ? node : copy(node);
  }

  private static int nextHalf(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair = Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1));
      if (!pair) {
        return i;
      }
      i++;
    }
    return -1;
  }

  private static boolean isWhole(JsonNode node) {
    if (node.isTextual()) {
      return nextHalf(node.textValue(), 0) < 0;
    }
    for (var field : node.properties()) {
      if (nextHalf(field.getKey(), 0) >= 0) {
        return false;
      }
    }
    for (JsonNode inside : node) {
      if (!isWhole(inside)) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode copy(JsonNode node) {
    if (node.isTextual()) {
      return JsonNodeFactory.instance.textNode(whole(node.textValue()));
    } else if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode(node.size());
      node.forEach(inside -> copy.add(copy(inside)));
      return copy;
    } else if (node.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.properties().forEach(field -> copy.set(whole(field.getKey()), copy(field.getValue())));
      return copy;
    }
    return node;
  }
}
