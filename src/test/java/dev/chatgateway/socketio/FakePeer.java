package dev.chatgateway.socketio;

import dev.chatgateway.presence.PeerAddress;
import dev.chatgateway.presence.PeerSecret;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.redis.ExpiringValues;
import dev.chatgateway.testing.TwoPods;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A pod that others find in Redis, and that answers what is passed on to it as a test wants it. */
final class FakePeer implements AutoCloseable {
  static final String ID = "0123abcv";

  /**
   * A request as it came.
   *
   * @param headers by their names in lower case
   * @param connection the number of the connection, from 1
   */
  record Received(String line, Map<String, String> headers, String body, int connection) {
    /** The number in the claim, which a proved answer has to name. */
    String number() {
      return headers.get("chat-forwarded-by").split(" ")[2];
    }
  }

  final List<Received> received = new CopyOnWriteArrayList<>();
  final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final PeerSecret secret;
  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile Function<Received, String> answers = this::ok;

  FakePeer(DoorPods pods) {
    secret = new PeerSecret(pods.other.pod.config(PeersConfig.class));
    try {
      server = new ServerSocket(0, 1000, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
    String told =
        PeerAddress.plain("127.0.0.1", server.getLocalPort()) + " " + System.currentTimeMillis();
    String key = pods.keyPrefix() + "{p:" + ID + "}:address";
    String value = told + " " + secret.sign("address", ID, told);
    TwoPods.call(
        pods.other.pod, link -> ExpiringValues.put(link, key, value, Duration.ofMinutes(1)));
  }

  /** The id of a session that this pod would have. */
  static String sid() {
    return ID + "." + "A".repeat(22);
  }

  /**
   * What it answers from now on.
   *
   * @param how gives the bytes of the answer; empty to say nothing, null to close the connection
   */
  void answer(Function<Received, String> how) {
    answers = how;
  }

  /** The answer of a session that is well. */
  String ok(Received request) {
    return "HTTP/1.1 200 OK\r\n" + proof(request) + "Content-Type: text/html\r\n"
        + "Content-Length: 2\r\n\r\nok";
  }

  /** The header line that proves whose answer it is. */
  String proof(Received request) {
    return "Chat-Answered-By: " + ID + " " + request.number() + " "
        + secret.sign("answer", ID, request.number()) + "\r\n";
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        int number = connections.incrementAndGet();
        daemon(() -> serve(socket, number));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      InputStream in = socket.getInputStream();
      for (Received next = read(in, number); next != null; next = read(in, number)) {
        received.add(next);
        String answer = answers.apply(next);
        if (answer == null) {
          return;
        }
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      // the other side has gone
    } finally {
      ended.incrementAndGet();
    }
  }

  private static Received read(InputStream in, int connection) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    String[] lines = head.toString().split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] pair = lines[i].split(": ?", 2);
      headers.merge(pair[0].toLowerCase(Locale.ROOT), pair[1], (a, b) -> a + " AND " + b);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Received(lines[0], headers, body, connection);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
