package dev.chatgateway.socket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket client that does only what it is told: it answers no ping, reads only when asked, and
 * sends frames as wrong as a test wants them.
 */
final class RawSocket implements AutoCloseable {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int FINAL = 0x80;

  private static final int PATIENCE_MS = 10_000;
  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

  /**
   * A frame of the gateway.
   *
   * @param opcode what it is
   * @param payload what is in it
   */
  record Frame(int opcode, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int closeCode() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private int status;

  private RawSocket(URI gateway, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()), PATIENCE_MS);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Connects, with these header lines besides the usual. */
  static RawSocket open(URI gateway, String... headers) {
    return open(gateway, 0, new byte[0], headers);
  }

  /** Connects; the first frames go out in one packet with the handshake. */
  static RawSocket open(URI gateway, int receiveBuffer, byte[] frames, String... headers) {
    try {
      RawSocket raw = new RawSocket(gateway, receiveBuffer);
      StringBuilder request = new StringBuilder("GET /chat HTTP/1.1\r\n");
      request.append("Host: ").append(gateway.getAuthority()).append("\r\n");
      request.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
      request.append("Sec-WebSocket-Version: 13\r\n");
      request.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      raw.write(join(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8), frames));
      raw.status = Integer.parseInt(raw.head().split(" ", 3)[1]);
      return raw;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The HTTP status the gateway answers such an upgrade with. */
  static int status(URI gateway, String... headers) {
    try (RawSocket raw = open(gateway, headers)) {
      return raw.status;
    }
  }

  private String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      head.write(in.readByte());
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  static byte[] text(String text) {
    return frame(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A masked frame, as a client's have to be. */
  static byte[] frame(int first, byte[] payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= MASK[i % 4];
    }
    return join(head(first, payload.length, 0x80), MASK, masked);
  }

  static byte[] unmasked(int first, byte[] payload) {
    return join(head(first, payload.length, 0), payload);
  }

  private static byte[] head(int first, int length, int mask) {
    if (length < 126) {
      return new byte[] {(byte) first, (byte) (mask | length)};
    }
    if (length < 65_536) {
      return new byte[] {(byte) first, (byte) (mask | 126), (byte) (length >> 8), (byte) length};
    }
    return new byte[] {
      (byte) first,
      (byte) (mask | 127),
      0,
      0,
      0,
      0,
      (byte) (length >> 24),
      (byte) (length >> 16),
      (byte) (length >> 8),
      (byte) length
    };
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  void write(byte[]... frames) {
    try {
      socket.getOutputStream().write(join(frames));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame; null where the connection has ended. */
  Frame read() {
    try {
      int opcode = in.readUnsignedByte() & 0xF;
      long length = in.readUnsignedByte() & 0x7F;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      return new Frame(opcode, in.readNBytes((int) length));
    } catch (EOFException | SocketException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads up to a text frame that holds these words. */
  String readText(String words) {
    StringBuilder before = new StringBuilder();
    for (Frame frame = read(); frame != null; frame = read()) {
      if (frame.opcode() == CLOSE) {
        throw new AssertionError("closed with " + frame.closeCode() + " after " + before);
      }
      if (frame.text().contains(words)) {
        return frame.text();
      }
      before.append(frame.text()).append('\n');
    }
    throw new AssertionError("ended after " + before);
  }

  /** Reads up to the gateway's close frame and gives its code; 1006 where none comes. */
  int readCloseCode() {
    for (Frame frame = read(); frame != null; frame = read()) {
      if (frame.opcode() == CLOSE) {
        return frame.closeCode();
      }
    }
    return 1006;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
