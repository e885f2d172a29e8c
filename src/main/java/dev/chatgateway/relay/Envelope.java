package dev.chatgateway.relay;

import java.nio.charset.StandardCharsets;

/**
 * What travels over Redis: a line of ASCII words, then the payload. The words are the version
 * ({@code 1}), the kind, the ticket's epoch, seq and rev after this change, and what the kind adds.
 * Whoever can publish to Redis can send one, so nothing in it is taken on trust.
 *
 * @param kind one character that names who renders it
 * @param epoch the ticket's epoch
 * @param seq the number of the ticket's newest message
 * @param rev the number of the ticket's newest event that is not a message
 * @param args the further words
 * @param payload what follows the line; may be empty
 */
public record Envelope(char kind, String epoch, long seq, long rev, String[] args, byte[] payload) {
  /** The kind of a message, which {@code seq} numbers; {@code rev} numbers all others. */
  public static final char MESSAGE = 'm';

  /** The kind of the last event of a ticket, which is then no more. */
  public static final char FORGOTTEN = 'x';

  // After the message's id, time and author.
  private static final int TRACEPARENT = 3;
  private static final int MAX_HEAD = 1024;
  private static final int MAX_SIZE = 256 * 1024;
  private static final int FIXED_WORDS = 5;

  /**
   * Reads an envelope.
   *
   * @throws MalformedException where it is none, or of another version
   */
  public static Envelope parse(byte[] bytes) {
    if (bytes.length > MAX_SIZE) {
      throw new MalformedException("too large");
    }
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      if (++end > MAX_HEAD) {
        throw new MalformedException("no head");
      }
    }
    String[] words = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split(" ", -1);
    if (words.length < FIXED_WORDS || !words[0].equals("1") || words[1].length() != 1) {
      throw new MalformedException("not an envelope of version 1");
    }
    int from = Math.min(end + 1, bytes.length);
    byte[] payload = new byte[bytes.length - from];
    System.arraycopy(bytes, from, payload, 0, payload.length);
    String[] args = new String[words.length - FIXED_WORDS];
    System.arraycopy(words, FIXED_WORDS, args, 0, args.length);
    return new Envelope(
        words[1].charAt(0),
        words[2],
        Words.number(words[3]),
        Words.number(words[4]),
        args,
        payload);
  }

  public boolean isMessage() {
    return kind == MESSAGE;
  }

  /** What a message that is traced is a part of; null for all others. Not known to be well-formed. */
  public String traceparent() {
    return isMessage() && args.length > TRACEPARENT ? args[TRACEPARENT] : null;
  }

  /** The further word at that place. */
  public String arg(int index) {
    if (index >= args.length) {
      throw new MalformedException("a word is missing");
    }
    return args[index];
  }

  /** The further word at that place, as a number that is not negative. */
  public long longArg(int index) {
    return Words.number(arg(index));
  }

  public String payloadText() {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
