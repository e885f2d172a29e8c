package dev.chatgateway.abuse;

/**
 * Bytes on a WebSocket that are not one good frame.
 *
 * @param what how they differ from one
 */
record Damage(Kind what, byte[] bytes) {
  /** How bytes differ from a good frame, and what has to come of it. */
  enum Kind {
    OPCODE(End.MUST),
    RSV(End.MUST),
    UNMASKED(End.MUST),
    /** More is announced than there is. */
    LONGER(End.MAY),
    /** Less is announced than there is. */
    SHORTER(End.MAY),
    /** More is announced than anybody may send. */
    HUGE(End.MUST),
    /** The length is written in more bytes than it takes. */
    WIDE(End.MAY),
    /** Fragments, with pings between them. */
    FRAGMENTS(End.MUST_NOT),
    /** Fragments without the last. */
    UNFINISHED(End.MUST),
    /** More fragments than are taken. */
    CRUMBS(End.MUST),
    LONE_CONTINUATION(End.MUST),
    FRAGMENTED_PING(End.MUST),
    LONG_PING(End.MUST),
    /** Pings and pongs that nobody waits for. */
    PINGS(End.MUST_NOT),
    CLOSE(End.MAY),
    BINARY(End.MUST),
    NOT_UTF8(End.MUST),
    OVERSIZED(End.MUST),
    /** Some bits are flipped. */
    FLIPPED(End.MAY),
    NOISE(End.MAY),
    /** The rest never comes, or comes late. */
    TRUNCATED(End.MAY);

    private final End end;

    Kind(End end) {
      this.end = end;
    }

    boolean mustEnd() {
      return end == End.MUST;
    }

    /** Whether it is as valid as a good frame, and what it carries has to be answered. */
    boolean isValid() {
      return end == End.MUST_NOT;
    }
  }

  private enum End {
    MUST,
    MAY,
    MUST_NOT
  }
}
