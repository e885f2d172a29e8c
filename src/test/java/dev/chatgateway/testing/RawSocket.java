package dev.chatgateway.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A WebSocket client that does only what it is told: it answers no ping, reads only when asked, and
 * sends frames as wrong as a test wants them.
 */
public final class RawSocket implements AutoCloseable {
  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xA;
  public static final int FINAL = 0x80;

  private static final int PATIENCE_MS = 10_000;
  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

  /**
   * A frame of the gateway.
   *
   * @param opcode what it is
   * @param payload what is in it
   */
  public record Frame(int opcode, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public int closeCode() {
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
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Connects, with these header lines besides the usual. */
  public static RawSocket open(URI gateway, String... headers) {
    return open(gateway, 0, new byte[0], headers);
  }

  /** Connects; the first frames go out in one packet with the handshake. */
  public static RawSocket open(URI gateway, int receiveBuffer, byte[] frames, String... headers) {
    try {
      RawSocket raw = new RawSocket(gateway, receiveBuffer);
      raw.write(join(handshake(gateway, headers), frames));
      raw.status = raw.readStatus();
      return raw;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects and says nothing. */
  public static RawSocket connect(URI gateway) {
    try {
      return new RawSocket(gateway, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request that asks for a WebSocket at that address. */
  public static byte[] handshake(URI gateway, String... headers) {
    StringBuilder request = new StringBuilder("GET ").append(gateway.getRawPath());
    if (gateway.getRawQuery() != null) {
      request.append('?').append(gateway.getRawQuery());
    }
    request.append(" HTTP/1.1\r\nHost: ").append(gateway.getAuthority()).append("\r\n");
    request.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
    request.append("Sec-WebSocket-Version: 13\r\n");
    request.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The HTTP status the gateway answers such an upgrade with. */
  public static int status(URI gateway, String... headers) {
    try (RawSocket raw = open(gateway, headers)) {
      return raw.status;
    }
  }

  /** Reads the head of a response and gives its status. */
  public int readStatus() {
    return Integer.parseInt(readHead().split(" ", 3)[1]);
  }

  /**
   * A response to a plain HTTP request.
   *
   * @param head its first line and headers
   * @param body its body
   */
  public record Response(String head, String body) {
    public int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }
  }

  /** Reads a whole response, whose length has to be told. */
  public Response readResponse() {
    String head = readHead();
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length:");
    int length = at < 0
        ? 0
        : Integer.parseInt(lower.substring(at + 15, lower.indexOf('\r', at)).trim());
    try {
      return new Response(head, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the head of a response. */
  public String readHead() {
    StringBuilder head = new StringBuilder();
    try {
      while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
        head.append((char) in.readUnsignedByte());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return head.toString();
  }

  /** How long a read waits before it fails. */
  public void patience(Duration patience) {
    try {
      socket.setSoTimeout((int) patience.toMillis());
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the gateway ends the connection in that time, whatever it says before. */
  public boolean endsWithin(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    byte[] dropped = new byte[8192];
    try {
      for (long left; (left = deadline - System.nanoTime()) > 0; ) {
        socket.setSoTimeout((int) Math.max(1, left / 1_000_000));
        if (in.read(dropped) < 0) {
          return true;
        }
      }
      return false;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Ends the connection with a reset, as a process that dies with unread data does. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // It has ended already.
    }
    close();
  }

  public static byte[] text(String text) {
    return frame(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A masked frame, as a client's have to be. */
  public static byte[] frame(int first, byte[] payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= MASK[i % 4];
    }
    return join(head(first, payload.length, 0x80), MASK, masked);
  }

  public static byte[] unmasked(int first, byte[] payload) {
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

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  public void write(byte[]... frames) {
    try {
      socket.getOutputStream().write(join(frames));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends zeros until the connection fails or that many were taken, and returns how many were. */
  public long acceptsWithoutReading(long atMost) {
    byte[] zeros = new byte[1 << 16];
    long taken = 0;
    try {
      while (taken < atMost) {
        socket.getOutputStream().write(zeros);
        taken += zeros.length;
      }
    } catch (IOException e) {
      // cut off, as expected of whoever reads no more
    }
    return taken;
  }

  /** The next frame; null where the connection has ended. */
  public Frame read() {
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
  public String readText(String words) {
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
  public int readCloseCode() {
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
