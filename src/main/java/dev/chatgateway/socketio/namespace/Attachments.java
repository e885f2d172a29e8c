package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.socketio.engine.MalformedPacketException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Binary values in JSON: a {@link com.fasterxml.jackson.databind.node.BinaryNode} here, on the wire
 * a placeholder with a binary message to follow.
 */
final class Attachments {
  private static final String PLACEHOLDER = "_placeholder";
  private static final String NUMBER = "num";

  private Attachments() {}

  static boolean areIn(JsonNode node) {
    if (node.isBinary()) {
      return true;
    }
    for (JsonNode inside : node) {
      if (areIn(inside)) {
        return true;
      }
    }
    return false;
  }

  /** A copy with placeholders for the binary values, which are added to the list. */
  static JsonNode takeOut(JsonNode node, List<byte[]> out) {
    if (node.isBinary()) {
      out.add(bytes(node));
      return Json.NODES.objectNode().put(PLACEHOLDER, true).put(NUMBER, out.size() - 1);
    } else if (node.isArray()) {
      ArrayNode copy = Json.NODES.arrayNode(node.size());
      node.forEach(inside -> copy.add(takeOut(inside, out)));
      return copy;
    } else if (node.isObject()) {
      ObjectNode copy = Json.NODES.objectNode();
      node.properties().forEach(field -> copy.set(field.getKey(), takeOut(field.getValue(), out)));
      return copy;
    }
    return node;
  }

  /**
   * Puts the binary values where their placeholders are.
   *
   * @throws MalformedPacketException where a placeholder names none of them
   */
  static JsonNode putIn(JsonNode node, List<byte[]> values) throws MalformedPacketException {
    if (node.isArray()) {
      ArrayNode array = (ArrayNode) node;
      for (int i = 0; i < array.size(); i++) {
        array.set(i, putIn(array.get(i), values));
      }
    } else if (node.isObject()) {
      if (node.path(PLACEHOLDER).isBoolean() && node.get(PLACEHOLDER).booleanValue()) {
        return Json.NODES.binaryNode(values.get(number(node.path(NUMBER), values.size())));
      }
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        field.setValue(putIn(field.getValue(), values));
      }
    }
    return node;
  }

  /**
   * Checks placeholders before what they stand for has come.
   *
   * @throws MalformedPacketException where one names none of so many
   */
  static void check(JsonNode node, int count) throws MalformedPacketException {
    if (node.path(PLACEHOLDER).isBoolean() && node.get(PLACEHOLDER).booleanValue()) {
      number(node.path(NUMBER), count);
      return;
    }
    for (JsonNode inside : node) {
      check(inside, count);
    }
  }

  private static int number(JsonNode number, int count) throws MalformedPacketException {
    if (!number.isInt() || number.intValue() < 0 || number.intValue() >= count) {
      throw new MalformedPacketException("a placeholder without an attachment");
    }
    return number.intValue();
  }

  static List<byte[]> list() {
    return new ArrayList<>(2);
  }

  private static byte[] bytes(JsonNode binary) {
    try {
      return binary.binaryValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a binary node has its bytes
    }
  }
}
