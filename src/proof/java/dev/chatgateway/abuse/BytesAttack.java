package dev.chatgateway.abuse;

import dev.chatgateway.testing.RawSocket;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Damaged frames over a WebSocket at either door, until one ends the connection. */
final class BytesAttack implements Barrage.Attack {
  private static final int TRIES = 12;
  private static final int MAX_FILLING = 40_000;
  private static final int MAX_SILENT = 40;
  private static final byte[] PING =
      RawSocket.frame(RawSocket.FINAL | RawSocket.PING, "there?".getBytes(StandardCharsets.UTF_8));

  private final URI door;
  private final Language language;
  private final List<Attacker> attackers;
  private final Queue<RawSocket> silent = new ConcurrentLinkedQueue<>();
  private final AtomicInteger silentSoFar = new AtomicInteger();

  BytesAttack(URI door, Language language, List<Attacker> attackers) {
    this.door = door;
    this.language = language;
    this.attackers = attackers;
  }

  @Override
  public void connection(long number, Random random, Tally tally) {
    // Who is in few tickets is soon in them, and few messages come of a connection here.
    Attacker attacker = attackers.get((int) (number % attackers.size())).inOwnTicketOnly();
    FrameMutator mutator = new FrameMutator(random);
    Conversation talk = Conversation.open(door, language, attacker, true);
    boolean goesOn = true;
    boolean kept = false;
    try {
      for (int i = 0; goesOn && i < TRIES; i++) {
        String text = language.question(attacker, 1000L + i);
        Damage damage = mutator.damage(text.getBytes(StandardCharsets.UTF_8));
        tally.thrown(damage.what());
        FrameWalk walk = FrameWalk.of(damage.bytes());
        String where = "connection " + number + ", " + damage.what();
        if (walk.missing() == 0) {
          goesOn = whole(talk, damage, walk.closes(), tally, where);
        } else {
          goesOn = false;
          kept = incomplete(talk, damage, random, tally, where);
        }
      }
    } finally {
      if (!kept) {
        talk.close();
      }
    }
  }

  private static boolean whole(
      Conversation talk, Damage damage, boolean closes, Tally tally, String where) {
    write(talk.raw(), damage.bytes(), talk.question());
    FramesAttack.Outcome outcome = new FramesAttack.Outcome();
    int end = talk.hear(outcome::heard);
    if (end == Conversation.ANSWERED) {
      if (damage.what().mustEnd()) {
        tally.fault(where + ": taken for good");
      }
      if (damage.what().isValid() && !outcome.granted()) {
        tally.fault(where + ": not answered");
      }
      outcome.count(tally);
      return true;
    }
    tally.ended(closes ? "as asked" : Integer.toString(end));
    if (damage.what().isValid() || !(closes || FramesAttack.FAIR.contains(end))) {
      tally.fault(where + ": closed with " + end);
    }
    return false;
  }

  /** Leaves the connection within a frame, or completes it; whether it is kept open in silence. */
  private boolean incomplete(
      Conversation talk, Damage damage, Random random, Tally tally, String where) {
    int what = random.nextInt(10);
    if (what < 7) {
      completed(talk, damage, tally, where);
      return false;
    }
    write(talk.raw(), damage.bytes());
    if (what < 9 || silentSoFar.incrementAndGet() > MAX_SILENT) {
      tally.givenUp("left within a frame");
      return false;
    }
    silent.add(talk.raw());
    return true;
  }

  private static void completed(Conversation talk, Damage damage, Tally tally, String where) {
    byte[] bytes = damage.bytes();
    FrameWalk walk = FrameWalk.of(bytes);
    write(talk.raw(), bytes);
    while (walk.missing() > 0 && walk.missing() < MAX_FILLING) {
      byte[] filling = new byte[(int) walk.missing()];
      write(talk.raw(), filling);
      bytes = RawSocket.join(bytes, filling);
      walk = FrameWalk.of(bytes);
    }
    if (walk.missing() > 0 && !damage.what().mustEnd()) {
      tally.givenUp("too much to complete");
      return;
    }
    write(talk.raw(), PING, talk.question());
    talk.ponged();
    FramesAttack.Outcome outcome = new FramesAttack.Outcome();
    int end = talk.hear(outcome::heard);
    if (end != Conversation.ANSWERED) {
      tally.ended(walk.closes() ? "as asked" : Integer.toString(end));
      if (!walk.closes() && !FramesAttack.FAIR.contains(end)) {
        tally.fault(where + ", completed: closed with " + end);
      }
      return;
    }
    if (damage.what().mustEnd()) {
      tally.fault(where + ", completed: taken for good");
    }
    if (!talk.ponged()) {
      tally.fault(where + ", completed: no pong");
    }
    outcome.count(tally);
  }

  private static void write(RawSocket raw, byte[]... bytes) {
    try {
      raw.write(bytes);
    } catch (UncheckedIOException e) {
      // It has been closed meanwhile; what is read tells why.
    }
  }

  /** Requires that whoever fell silent within a frame is put out by that time. */
  void requireSilentOnesOut(Duration deadline, Tally tally) {
    long until = System.nanoTime() + deadline.toNanos();
    for (RawSocket raw : silent) {
      try (raw) {
        if (raw.endsWithin(Duration.ofNanos(Math.max(1_000_000, until - System.nanoTime())))) {
          tally.ended("put out for silence");
        } else {
          tally.fault("silent within a frame, and still connected after " + deadline);
        }
      }
    }
    silent.clear();
  }
}
