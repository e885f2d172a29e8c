package dev.chatgateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Ticket, user and message ids: a JSON integer or a string of {@code [A-Za-z0-9_.:-]{1,64}}, a user's
 * also with {@code @ | +}; inside the gateway always the string. On the way out a canonical decimal integer of at most 15 digits is
 * a JSON number again (15 digits are exact in every JSON reader, which takes numbers as doubles).
 */
public final class Ids {
  /** Longest id, in characters. */
  public static final int MAX_LENGTH = 64;

  private static final int MAX_NUMBER_DIGITS = 15;

  private Ids() {}

  /**
   * The id that node holds.
   *
   * @throws ChatException {@code bad_request} naming the path, where it holds none
   */
  public static String of(JsonNode node, String path) {
    return require(text(node, path), path);
  }

  /** The user's id that node holds, as {@link #of}. */
  public static String ofUser(JsonNode node, String path) {
    return requireUser(text(node, path), path);
  }

  private static String text(JsonNode node, String path) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isIntegralNumber()) {
      return node.asText();
    }
    throw ChatException.badRequest(path, "must be an integer or a string");
  }

  /**
   * The same id, once seen to be one.
   *
   * @throws ChatException {@code bad_request} naming the path, where it is none
   */
  public static String require(String id, String path) {
    if (!isValid(id)) {
      throw ChatException.badRequest(path, "must be 1 to 64 characters of A-Z a-z 0-9 _ . : -");
    }
    return id;
  }

  /**
   * The same user's id, once seen to be one.
   *
   * @throws ChatException {@code bad_request} naming the path, where it is none
   */
  public static String requireUser(String id, String path) {
    if (!isValidUser(id)) {
      throw ChatException.badRequest(
          path, "must be 1 to 64 characters of A-Z a-z 0-9 _ . : - @ | +");
    }
    return id;
  }

  /** Whether this is a user's id, which may also hold {@code @ | +}. */
  public static boolean isValidUser(String id) {
    return isValid(id, true);
  }

  /** Whether this is an id: 1 to 64 characters of the allowed set. */
  public static boolean isValid(String id) {
    return isValid(id, false);
  }

  private static boolean isValid(String id, boolean user) {
    if (id == null || id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean allowed = (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '_'
          || c == '.'
          || c == ':'
          || c == '-'
          || (user && (c == '@' || c == '|' || c == '+'));
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /** Whether the id goes out as a JSON number. */
  public static boolean isNumber(String id) {
    int start = id.startsWith("-") ? 1 : 0;
    int digits = id.length() - start;
    if (digits < 1 || digits > MAX_NUMBER_DIGITS) {
      return false;
    }
    for (int i = start; i < id.length(); i++) {
      if (id.charAt(i) < '0' || id.charAt(i) > '9') {
        return false;
      }
    }
    return id.charAt(start) != '0' || (digits == 1 && start == 0);
  }
}
