package dev.chatgateway.abuse;

import static dev.chatgateway.testing.RawSocket.BINARY;
import static dev.chatgateway.testing.RawSocket.CLOSE;
import static dev.chatgateway.testing.RawSocket.CONTINUATION;
import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.PING;
import static dev.chatgateway.testing.RawSocket.PONG;
import static dev.chatgateway.testing.RawSocket.TEXT;

import dev.chatgateway.testing.RawSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Makes WebSocket frames that are wrong in their bytes (RFC 6455, 5.2), or unusual. */
final class FrameMutator {
  private static final Damage.Kind[] KINDS = Damage.Kind.values();
  private static final int MASKED = 0x80;
  private static final int TOO_MANY = 1100;
  private static final int TOO_LONG = 131_073;
  private static final int[] RESERVED = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};

  private final Random random;

  FrameMutator(Random random) {
    this.random = random;
  }

  /** A frame with that payload, damaged in some way. */
  Damage damage(byte[] payload) {
    Damage.Kind kind = KINDS[random.nextInt(KINDS.length)];
    return new Damage(kind, bytes(kind, payload));
  }

  private byte[] bytes(Damage.Kind kind, byte[] payload) {
    return switch (kind) {
      case OPCODE ->
        RawSocket.frame(FINAL | RESERVED[random.nextInt(RESERVED.length)], short125(payload));
      case RSV -> RawSocket.frame(FINAL | TEXT | (1 + random.nextInt(7)) << 4, payload);
      case UNMASKED -> RawSocket.unmasked(FINAL | TEXT, payload);
      case LONGER -> announced(payload, payload.length + 1 + random.nextInt(TOO_LONG));
      case SHORTER -> announced(payload, random.nextInt(payload.length + 1));
      case HUGE -> announced(payload, random.nextBoolean() ? Long.MIN_VALUE : 1L << 62);
      case WIDE -> wide(payload);
      case FRAGMENTS -> fragments(payload, true);
      case UNFINISHED -> fragments(payload, false);
      case CRUMBS -> crumbs();
      case LONE_CONTINUATION ->
        RawSocket.frame(random.nextBoolean() ? CONTINUATION : FINAL | CONTINUATION, payload);
      case FRAGMENTED_PING -> RawSocket.frame(random.nextBoolean() ? PING : PONG, noise(20));
      case LONG_PING ->
        RawSocket.frame(FINAL | (random.nextBoolean() ? PING : PONG), noise(126 + size(400)));
      case PINGS ->
        RawSocket.join(
            RawSocket.frame(FINAL | PING, noise(size(126))),
            RawSocket.frame(FINAL | PONG, noise(size(126))),
            RawSocket.frame(FINAL | TEXT, payload));
      case CLOSE -> closing();
      case BINARY -> RawSocket.frame(FINAL | BINARY, payload);
      case NOT_UTF8 -> RawSocket.frame(FINAL | TEXT, notUtf8(payload));
      case OVERSIZED -> RawSocket.frame(FINAL | TEXT, new byte[TOO_LONG + size(3000)]);
      case FLIPPED -> flipped(RawSocket.frame(FINAL | TEXT, payload));
      case NOISE -> noise(1 + size(300));
      case TRUNCATED -> {
        byte[] whole = RawSocket.frame(FINAL | TEXT, payload);
        yield Arrays.copyOf(whole, 1 + size(whole.length - 1));
      }
    };
  }

  private int size(int bound) {
    return random.nextInt(bound);
  }

  private static byte[] short125(byte[] payload) {
    return Arrays.copyOf(payload, Math.min(125, payload.length));
  }

  /** A frame whose length isn't that of its payload. */
  private static byte[] announced(byte[] payload, long length) {
    byte[] head = RawSocket.unmasked(FINAL | TEXT, new byte[0]);
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put(head[0]);
    if (length >= 0 && length < 126) {
      frame.put((byte) (MASKED | length));
    } else if (length >= 0 && length < 65_536) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    frame.putInt(0).put(payload); // the mask is four zeros
    return Arrays.copyOf(frame.array(), frame.position());
  }

  /** A frame whose length is written in more bytes than it takes, or in two. */
  private byte[] wide(byte[] payload) {
    ByteBuffer head = ByteBuffer.allocate(14).put((byte) (FINAL | TEXT));
    if (random.nextBoolean()) {
      head.put((byte) (MASKED | 126)).putShort((short) payload.length);
    } else {
      head.put((byte) (MASKED | 127)).putLong(payload.length);
    }
    return RawSocket.join(Arrays.copyOf(head.array(), head.position() + 4), payload);
  }

  private byte[] fragments(byte[] payload, boolean finished) {
    int size = 1 + size(Math.max(1, payload.length / 2));
    byte[] all = new byte[0];
    for (int from = 0; from < payload.length; from += size) {
      int to = Math.min(payload.length, from + size);
      boolean last = finished && to == payload.length;
      int opcode = from == 0 ? TEXT : CONTINUATION;
      byte[] part = Arrays.copyOfRange(payload, from, to);
      all = RawSocket.join(all, RawSocket.frame(last ? FINAL | opcode : opcode, part));
      if (random.nextInt(8) == 0) {
        all = RawSocket.join(all, RawSocket.frame(FINAL | PING, noise(size(20))));
      }
    }
    return all;
  }

  private static byte[] crumbs() {
    byte[][] all = new byte[TOO_MANY][];
    for (int i = 0; i < TOO_MANY; i++) {
      all[i] = RawSocket.frame(i == 0 ? TEXT : CONTINUATION, new byte[] {'x'});
    }
    return RawSocket.join(all);
  }

  private byte[] closing() {
    byte[] payload = noise(size(6) * size(21));
    if (payload.length >= 2 && random.nextBoolean()) {
      int code = 900 + size(4200);
      payload[0] = (byte) (code >> 8);
      payload[1] = (byte) code;
    }
    return RawSocket.frame(FINAL | CLOSE, payload);
  }

  private byte[] notUtf8(byte[] payload) {
    byte[] changed = payload.clone();
    byte[][] wrong = {{(byte) 0xFF}, {(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0}};
    byte[] put = wrong[size(wrong.length)];
    System.arraycopy(put, 0, changed, size(changed.length - put.length), put.length);
    return changed;
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = size(4); i >= 0; i--) {
      changed[size(changed.length)] ^= (byte) (1 << size(8));
    }
    return changed;
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
