package dev.chatgateway.abuse;

import dev.chatgateway.testing.RawSocket;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/** Mutated frames at the plain door: wrong as JSON, or wrong as WebSocket frames. */
final class PlainAttack {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BATCHES = 8;
  private static final int BATCH = 32;
  private static final byte[] PROBE = RawSocket.text("{\"event\":\"none\",\"ref\":\"probe\"}");
  private static final String ANSWER = "\"ref\":\"probe\"";

  private final URI chat;
  private final ChatFrames frames = new ChatFrames();

  PlainAttack(URI chat) {
    this.chat = chat;
  }

  private RawSocket open(Random random) {
    RawSocket raw = random.nextInt(4) == 0
        ? RawSocket.open(chat)
        : RawSocket.open(chat, "Authorization: Bearer " + frames.token(random));
    raw.patience(PATIENCE);
    return raw;
  }

  /** Text frames whose JSON is damaged; each connection takes many. */
  void json(Random random, Tally tally) {
    JsonMutator mutator = new JsonMutator(random);
    RawSocket raw = open(random);
    try {
      for (int batch = 0; batch < BATCHES; batch++) {
        byte[][] all = new byte[BATCH + 1][];
        for (int i = 0; i < BATCH; i++) {
          all[i] = RawSocket.text(mutator.mutate(frames.frame(random)));
        }
        all[BATCH] = PROBE;
        tally.thrown(BATCH);
        raw.write(all);
        if (!answered(raw, tally, false, "mutated JSON")) {
          return;
        }
      }
    } finally {
      raw.reset();
    }
  }

  /** Frames that are damaged in their bytes, after a valid one. */
  void bytes(Random random, Tally tally) {
    FrameMutator mutator = new FrameMutator(random);
    RawSocket raw = open(random);
    try {
      byte[] all = RawSocket.text(frames.frame(random));
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        byte[] payload = frames.frame(random).getBytes(StandardCharsets.UTF_8);
        all = RawSocket.join(all, mutator.mutate(payload));
      }
      tally.thrown(count);
      settle(raw, all, tally);
    } finally {
      raw.reset();
    }
  }

  static void settle(RawSocket raw, byte[] thrown, Tally tally) {
    FrameWalk walk = FrameWalk.of(thrown);
    try {
      raw.write(thrown, PROBE);
    } catch (UncheckedIOException e) {
      tally.count("closed while writing");
    }
    if (walk.endsInside()) {
      // It may wait for the rest, or refuse what it has; and then loses its client.
      tally.count("left inside a frame");
    } else {
      answered(raw, tally, walk.closes(), "damaged frames");
    }
  }

  /** Reads up to the probe's answer, or the end; whether the connection goes on. */
  private static boolean answered(RawSocket raw, Tally tally, boolean mayClose, String after) {
    for (RawSocket.Frame frame = raw.read(); frame != null; frame = raw.read()) {
      if (frame.opcode() == RawSocket.CLOSE) {
        if (mayClose) {
          tally.count("closed as asked");
        } else {
          tally.closed(frame.closeCode(), after);
        }
        return false;
      } else if (frame.opcode() == RawSocket.TEXT) {
        String text = frame.text();
        if (text.contains(ANSWER)) {
          return true;
        }
        tally.heard(text);
      }
    }
    if (mayClose) {
      tally.count("closed as asked");
    } else {
      tally.fault("ended without a close frame after " + after);
    }
    return false;
  }
}
