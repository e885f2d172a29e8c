package dev.chatgateway.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds JSON as UTF-8 bytes. It exists so that JSON which is already bytes (a stored message body)
 * can be spliced in without decoding it; everything the gateway writes to a client goes through it.
 * Commas are its business, nesting is the caller's.
 */
public final class JsonWriter {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private byte[] buffer;
  private int size;
  private boolean comma;

  public JsonWriter() {
    this(256);
  }

  public JsonWriter(int capacity) {
    buffer = new byte[capacity];
  }

  public JsonWriter beginObject() {
    return open('{');
  }

  public JsonWriter endObject() {
    return close('}');
  }

  public JsonWriter beginArray() {
    return open('[');
  }

  public JsonWriter endArray() {
    return close(']');
  }

  public JsonWriter name(String name) {
    separate();
    quote(name);
    put(':');
    comma = false;
    return this;
  }

  public JsonWriter value(String value) {
    if (value == null) {
      return literal("null");
    }
    separate();
    quote(value);
    comma = true;
    return this;
  }

  public JsonWriter value(long value) {
    return literal(Long.toString(value));
  }

  public JsonWriter value(boolean value) {
    return literal(value ? "true" : "false");
  }

  /** An id, as a number where {@link Ids#isNumber} says so. */
  public JsonWriter id(String id) {
    return Ids.isNumber(id) ? literal(id) : value(id);
  }

  public JsonWriter field(String name, String value) {
    return name(name).value(value);
  }

  public JsonWriter field(String name, long value) {
    return name(name).value(value);
  }

  public JsonWriter field(String name, boolean value) {
    return name(name).value(value);
  }

  public JsonWriter idField(String name, String id) {
    return name(name).id(id);
  }

  /** A whole JSON value that is already encoded. */
  public JsonWriter raw(byte[] json) {
    separate();
    put(json, 0, json.length);
    comma = true;
    return this;
  }

  /** The members of an encoded object, without its braces: {@code {"a":1}} gives {@code "a":1}. */
  public JsonWriter members(byte[] object) {
    if (object.length > 2) {
      separate();
      put(object, 1, object.length - 2);
      comma = true;
    }
    return this;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  @Override
  public String toString() {
    return new String(buffer, 0, size, StandardCharsets.UTF_8);
  }

  private JsonWriter literal(String ascii) {
    separate();
    ascii(ascii);
    comma = true;
    return this;
  }

  private JsonWriter open(char bracket) {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      put(',');
      comma = false;
    }
  }

  private void quote(String value) {
    put('"');
    if (isPlain(value)) {
      ascii(value);
    } else {
      // The encoder throws at half a surrogate pair, and an error message may quote one.
      byte[] encoded = ENCODER.quoteAsUTF8(Unicode.whole(value));
      put(encoded, 0, encoded.length);
    }
    put('"');
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("deprecation") // copies the low bytes, which for ASCII is the fastest way
  private void ascii(String value) {
    int length = value.length();
    reserve(length);
    value.getBytes(0, length, buffer, size);
    size += length;
  }

  private void put(char ascii) {
    reserve(1);
    buffer[size++] = (byte) ascii;
  }

  private void put(byte[] bytes, int from, int length) {
    reserve(length);
    System.arraycopy(bytes, from, buffer, size, length);
    size += length;
  }

  private void reserve(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
