package dev.chatgateway.abuse;

import static dev.chatgateway.testing.RawSocket.BINARY;
import static dev.chatgateway.testing.RawSocket.CLOSE;
import static dev.chatgateway.testing.RawSocket.CONTINUATION;
import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.PING;
import static dev.chatgateway.testing.RawSocket.TEXT;

import dev.chatgateway.testing.RawSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Makes WebSocket frames that are wrong in their bytes (RFC 6455, 5.2), or unusual. */
final class FrameMutator {
  private static final int MASKED = 0x80;

  private final Random random;

  FrameMutator(Random random) {
    this.random = random;
  }

  /** Frames with that payload, damaged. */
  byte[] mutate(byte[] payload) {
    return switch (random.nextInt(16)) {
      case 0 -> RawSocket.frame(random.nextInt(256), payload);
      case 1 -> RawSocket.frame(FINAL | TEXT | (1 + random.nextInt(7)) << 4, payload);
      case 2 -> RawSocket.unmasked(FINAL | TEXT, payload);
      case 3 -> announced(payload, payload.length + 1 + random.nextInt(1 << 14));
      case 4 -> announced(payload, random.nextInt(payload.length + 1));
      case 5 -> announced(payload, random.nextBoolean() ? random.nextLong() : 1L << 62);
      case 6 -> wide(payload);
      case 7 -> fragments(payload, true);
      case 8 -> fragments(payload, false);
      case 9 -> RawSocket.frame(PING, Arrays.copyOf(payload, random.nextInt(126)));
      case 10 -> RawSocket.frame(FINAL | PING, new byte[126 + random.nextInt(400)]);
      case 11 -> closing();
      case 12 -> flipped(RawSocket.frame(FINAL | TEXT, payload));
      case 13 -> noise(1 + random.nextInt(300));
      case 14 -> RawSocket.frame(FINAL | BINARY, payload);
      default -> RawSocket.frame(FINAL | TEXT, flipped(payload));
    };
  }

  /** A frame whose length isn't that of its payload. */
  private static byte[] announced(byte[] payload, long length) {
    ByteBuffer head = ByteBuffer.allocate(14)
        .put((byte) (FINAL | TEXT))
        .put((byte) (MASKED | 127))
        .putLong(length);
    return RawSocket.join(head.array(), payload);
  }

  /** A frame whose length is written in more bytes than it takes. */
  private byte[] wide(byte[] payload) {
    ByteBuffer head = ByteBuffer.allocate(14).put((byte) (FINAL | TEXT));
    if (random.nextBoolean() && payload.length < 65_536) {
      head.put((byte) (MASKED | 126)).putShort((short) payload.length);
    } else {
      head.put((byte) (MASKED | 127)).putLong(payload.length);
    }
    // The mask is four zeros.
    return RawSocket.join(Arrays.copyOf(head.array(), head.position() + 4), payload);
  }

  private byte[] fragments(byte[] payload, boolean finished) {
    int size = 1 + random.nextInt(Math.max(1, payload.length / 2 + 1));
    byte[] all = new byte[0];
    for (int from = 0; from < payload.length; from += size) {
      int to = Math.min(payload.length, from + size);
      boolean last = finished && to == payload.length;
      int opcode = from == 0 ? TEXT : CONTINUATION;
      byte[] part = Arrays.copyOfRange(payload, from, to);
      all = RawSocket.join(all, RawSocket.frame(last ? FINAL | opcode : opcode, part));
      if (random.nextInt(8) == 0) {
        all = RawSocket.join(all, RawSocket.frame(FINAL | PING, noise(random.nextInt(20))));
      }
    }
    return all;
  }

  private byte[] closing() {
    byte[] payload = noise(random.nextInt(6) * random.nextInt(30));
    if (payload.length >= 2 && random.nextBoolean()) {
      int code = 900 + random.nextInt(4200);
      payload[0] = (byte) (code >> 8);
      payload[1] = (byte) code;
    }
    return RawSocket.frame(FINAL | CLOSE, payload);
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
