package dev.chatgateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Typed access to the fields of an object from outside. Every method throws a {@code bad_request}
 * or {@code too_large} that names the path of the field that is wrong. An optional field that is
 * JSON {@code null} counts as absent.
 */
public final class Fields {
  private final ObjectNode node;
  private final String path;

  private Fields(ObjectNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /**
   * The fields of that object.
   *
   * @param path where the object stands in the frame or body, for messages; may be empty
   * @param allowed the names it may have
   */
  public static Fields of(ObjectNode node, String path, Set<String> allowed) {
    Fields fields = new Fields(node, path);
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!allowed.contains(name)) {
        throw ChatException.badRequest(fields.path(shown(name)), "unknown field");
      }
    }
    return fields;
  }

  // A hostile field name must not come back at full length.
  private static String shown(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "…";
  }

  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  public String id(String name) {
    return Ids.of(required(name), path(name));
  }

  public String optionalId(String name) {
    return has(name) ? Ids.of(node.get(name), path(name)) : null;
  }

  /** A user's id. */
  public String userId(String name) {
    return Ids.ofUser(required(name), path(name));
  }

  /** A user's id, or null where there is none. */
  public String optionalUserId(String name) {
    return has(name) ? Ids.ofUser(node.get(name), path(name)) : null;
  }

  /**
   * A string of at most {@code max} Unicode characters, or null where there is none. Has U+FFFD in
   * place of each half of a surrogate pair.
   */
  public String optionalString(String name, int max) {
    if (!has(name)) {
      return null;
    }
    JsonNode value = node.get(name);
    if (!value.isTextual()) {
      throw ChatException.badRequest(path(name), "must be a string");
    }
    String text = value.textValue();
    if (text.length() > max && text.codePointCount(0, text.length()) > max) {
      throw new ChatException(
          ErrorCode.TOO_LARGE, path(name) + ": longer than " + max + " characters");
    }
    return Unicode.whole(text);
  }

  public String string(String name, int max) {
    required(name);
    return optionalString(name, max);
  }

  public boolean bool(String name) {
    JsonNode value = required(name);
    if (!value.isBoolean()) {
      throw ChatException.badRequest(path(name), "must be true or false");
    }
    return value.booleanValue();
  }

  public boolean optionalBool(String name, boolean otherwise) {
    return has(name) ? bool(name) : otherwise;
  }

  /** An integer between the bounds, both included; {@code otherwise} where there is none. */
  public long optionalLong(String name, long min, long max, long otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = node.get(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw ChatException.badRequest(path(name), "must be an integer");
    }
    long number = value.longValue();
    if (number < min || number > max) {
      throw ChatException.badRequest(path(name), "must be from " + min + " to " + max);
    }
    return number;
  }

  /** Distinct ids in their order, at least one and at most {@code max}. */
  public List<String> ids(String name, int max) {
    JsonNode value = required(name);
    if (!(value instanceof ArrayNode array)) {
      throw ChatException.badRequest(path(name), "must be an array of ids");
    }
    if (array.isEmpty()) {
      throw ChatException.badRequest(path(name), "must not be empty");
    }
    if (array.size() > max) {
      throw new ChatException(ErrorCode.TOO_LARGE, path(name) + ": more than " + max + " ids");
    }
    Set<String> ids = new LinkedHashSet<>();
    for (int i = 0; i < array.size(); i++) {
      ids.add(Ids.of(array.get(i), path(name) + "[" + i + "]"));
    }
    return List.copyOf(ids);
  }

  /** Any JSON value as at most {@code maxBytes} bytes, or null where there is none. */
  public byte[] optionalJson(String name, long maxBytes) {
    if (!has(name)) {
      return null;
    }
    byte[] json = JsonReader.bytes(node.get(name));
    if (json.length > maxBytes) {
      throw new ChatException(
          ErrorCode.TOO_LARGE, path(name) + ": longer than " + maxBytes + " bytes of JSON");
    }
    return json;
  }

  /** The path of that field, as error messages show it. */
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private JsonNode required(String name) {
    if (!has(name)) {
      throw ChatException.badRequest(path(name), "is required");
    }
    return node.get(name);
  }
}
