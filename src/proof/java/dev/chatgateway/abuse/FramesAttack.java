package dev.chatgateway.abuse;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.testing.RawSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Messages with a flaw, well framed, over a WebSocket at either door: many on each connection, and
 * at its end one that may be the last.
 */
final class FramesAttack implements Barrage.Attack {
  private static final int BATCHES = 12;
  private static final int BATCH = 32;
  private static final int MAX_BATCH = 64_000;
  private static final int UNKNOWN_EVERY = 25;
  /** Those with which what a client sent may end its connection. */
  static final Set<Integer> FAIR = Stream.of(
          CloseCode.NORMAL,
          CloseCode.PROTOCOL,
          CloseCode.UNSUPPORTED,
          CloseCode.NOT_UTF8,
          CloseCode.POLICY,
          CloseCode.TOO_BIG)
      .map(CloseCode::code)
      .collect(Collectors.toUnmodifiableSet());

  private final URI door;
  private final Language language;
  private final List<Attacker> attackers;

  FramesAttack(URI door, Language language, List<Attacker> attackers) {
    this.door = door;
    this.language = language;
    this.attackers = attackers;
  }

  @Override
  public void connection(long number, Random random, Tally tally) {
    Attacker attacker = attackers.get((int) (number % attackers.size()));
    boolean known = random.nextInt(UNKNOWN_EVERY) > 0;
    JsonMutator mutator = new JsonMutator(random);
    Ledger ledger = new Ledger(tally, "connection " + number, known);
    long next = 1000;
    try (Conversation talk = Conversation.open(door, language, attacker, known)) {
      for (int batch = 0; batch < (known ? BATCHES : 2) && !tally.isEnough(); batch++) {
        List<byte[]> frames = new ArrayList<>();
        int length = 0;
        while (frames.size() < BATCH && length < MAX_BATCH) {
          Mutant mutant = language.mutant(attacker, random, mutator, next++);
          if (!ledger.awaits(mutant.key())) {
            ledger.thrown(mutant);
            byte[] text = RawSocket.text(mutant.text());
            frames.add(text);
            length += text.length;
            mutant
                .attachments()
                .forEach(bytes ->
                    frames.add(RawSocket.frame(RawSocket.FINAL | RawSocket.BINARY, bytes)));
          }
        }
        frames.add(talk.question());
        talk.raw().write(frames.toArray(byte[][]::new));
        int end = talk.hear(ledger::heard);
        if (end != Conversation.ANSWERED) {
          ledger.ended(end);
          return;
        }
        ledger.settle();
      }
      last(talk, language.breaker(attacker, random, mutator, next), tally);
    }
  }

  private static void last(Conversation talk, String text, Tally tally) {
    tally.thrown(Flaw.BREAKER);
    byte[] frame =
        RawSocket.frame(RawSocket.FINAL | RawSocket.TEXT, text.getBytes(StandardCharsets.UTF_8));
    talk.raw().write(frame, talk.question());
    Outcome outcome = new Outcome();
    int end = talk.hear(outcome::heard);
    if (end == Conversation.ANSWERED) {
      outcome.count(tally);
    } else {
      tally.ended(end);
      if (!FAIR.contains(end)) {
        tally.fault("closed with " + end + " after " + text);
      }
    }
  }

  /** What is heard after something that may be answered in any way, or not. */
  static final class Outcome {
    private boolean answered;
    private String code;

    void heard(Answer answer) {
      if (answer.what() == Answer.What.REPLY || answer.what() == Answer.What.OUTCOME) {
        answered = true;
        code = answer.code();
      }
    }

    boolean granted() {
      return answered && code == null;
    }

    void count(Tally tally) {
      if (answered) {
        tally.answered(code);
      } else {
        tally.passed(1);
      }
    }
  }
}
