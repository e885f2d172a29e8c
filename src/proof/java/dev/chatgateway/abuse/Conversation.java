package dev.chatgateway.abuse;

import dev.chatgateway.testing.RawSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An attacker's WebSocket at one of the doors, whose owner is known there and in its tickets. */
final class Conversation implements AutoCloseable {
  /** Of {@link #hear}: the question was answered. */
  static final int ANSWERED = 0;

  /** Of {@link #hear}: the connection ended without a close frame. */
  static final int BROKEN = 1006;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long QUESTIONS = 1_000_000_000L;

  private final RawSocket raw;
  private final Language language;
  private final Attacker attacker;
  private long questions = QUESTIONS;
  private boolean ponged;

  private Conversation(RawSocket raw, Language language, Attacker attacker) {
    this.raw = raw;
    this.language = language;
    this.attacker = attacker;
  }

  /** Opens one, and waits until the greeting has been taken. */
  static Conversation open(URI door, Language language, Attacker attacker, boolean known) {
    RawSocket raw = RawSocket.open(door);
    raw.patience(PATIENCE);
    Conversation opened = new Conversation(raw, language, attacker);
    List<byte[]> greeting = new ArrayList<>();
    language.greeting(attacker, known).forEach(text -> greeting.add(RawSocket.text(text)));
    greeting.add(opened.question());
    raw.write(greeting.toArray(byte[][]::new));
    int end = opened.hear(answer -> {});
    if (end != ANSWERED) {
      opened.close();
      throw new AssertionError("closed with " + end + " after the greeting");
    }
    return opened;
  }

  /** The frame of a valid question, and from here on the one that {@link #hear} waits for. */
  byte[] question() {
    return RawSocket.text(language.question(attacker, ++questions));
  }

  RawSocket raw() {
    return raw;
  }

  /** Whether a pong has come since this was asked. */
  boolean ponged() {
    boolean since = ponged;
    ponged = false;
    return since;
  }

  /** Hears up to the answer to the last question, or the end; gives {@link #ANSWERED} or a code. */
  int hear(Consumer<Answer> others) {
    String key = language.key(questions);
    for (RawSocket.Frame frame = raw.read(); frame != null; frame = raw.read()) {
      switch (frame.opcode()) {
        case RawSocket.CLOSE -> {
          return frame.closeCode();
        }
        case RawSocket.PING ->
          raw.write(RawSocket.frame(RawSocket.FINAL | RawSocket.PONG, frame.payload()));
        case RawSocket.PONG -> ponged = true;
        case RawSocket.TEXT -> {
          Answer answer = language.read(frame.text());
          if (key.equals(answer.key())) {
            return ANSWERED;
          } else if (answer.what() == Answer.What.PING) {
            raw.write(RawSocket.text(language.sign()));
          } else {
            others.accept(answer);
          }
        }
        default -> throw new AssertionError("a frame with opcode " + frame.opcode());
      }
    }
    return BROKEN;
  }

  @Override
  public void close() {
    raw.reset();
  }
}
