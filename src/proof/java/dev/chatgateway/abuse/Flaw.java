package dev.chatgateway.abuse;

import java.util.List;

/** What is wrong with a message, well framed as it is. */
enum Flaw {
  /** Nothing: it must be granted, or refused for what was done before. */
  NONE,
  TYPE,
  LENGTH,
  CHARSET,
  NESTING,
  NUMBER,
  MISSING,
  EXTRA,
  /** The event's name. */
  NAME,
  /** The {@code ref}, or the id of the acknowledgement. */
  REF,
  /** What the whole is, or which members or arguments it has. */
  SHAPE,

  /** A key twice. */
  DUPLICATE,
  /** Nested deeper than is read. */
  DEPTH,
  /** A number longer, or with a greater exponent, than is read. */
  DIGITS,
  /** A control character in a string. */
  CONTROL,
  /** Letters lost, doubled, swapped or put in. */
  LETTERS,
  /** A packet of Socket.IO or Engine.IO that is no event, or one with attachments. */
  PACKET,
  /** Any of these or worse: the connection may not outlive it. */
  BREAKER;

  /** Flaws of one value: the message stays JSON that any reader takes. */
  static final List<Flaw> OF_A_VALUE =
      List.of(TYPE, LENGTH, CHARSET, NESTING, NUMBER, MISSING, EXTRA);

  /** Flaws by which a message is no JSON, or none that is read. */
  static final List<Flaw> OF_THE_TEXT = List.of(DUPLICATE, DEPTH, DIGITS, CONTROL, LETTERS);
}
