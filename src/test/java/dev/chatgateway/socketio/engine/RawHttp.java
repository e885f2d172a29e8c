package dev.chatgateway.socketio.engine;

import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests as they are on the wire, for what no HTTP client would send. */
final class RawHttp {
  private RawHttp() {}

  /** Asks for a WebSocket; the head of the response. */
  static String upgrade(int port, String path, String... headers) throws Exception {
    try (Socket socket = new Socket("localhost", port)) {
      write(socket, upgradeRequest(path, headers));
      return read(socket);
    }
  }

  static String upgradeRequest(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + String.join("", headers)
        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  }

  static void write(Socket socket, String text) throws Exception {
    socket.setSoTimeout(5_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** The head of a response. */
  static String read(Socket socket) throws Exception {
    StringBuilder head = new StringBuilder();
    for (int b; head.indexOf("\r\n\r\n") < 0 && (b = socket.getInputStream().read()) >= 0; ) {
      head.append((char) b);
    }
    return head.toString();
  }
}
