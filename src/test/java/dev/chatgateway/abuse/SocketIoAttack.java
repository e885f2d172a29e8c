package dev.chatgateway.abuse;

import dev.chatgateway.testing.RawSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Mutated packets at the Socket.IO door, over WebSocket and in the bodies of polling requests. */
final class SocketIoAttack {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BATCHES = 8;
  private static final int BATCH = 32;
  private static final int MAX_BODY = 12_000;
  private static final String PROBE = "429007199[\"none\",{}]";
  private static final String ANSWER = "439007199[";
  private static final List<String> OTHERS = List.of(
      "",
      "0",
      "0{\"sid\":\"x\"}",
      "1",
      "2",
      "2probe",
      "3",
      "5",
      "6",
      "7",
      "4",
      "40",
      "41",
      "44{}",
      "40/admin,{}",
      "40/" + "n".repeat(300) + ",",
      "42/x,[\"e\"]",
      "45",
      "451-[\"e\"]",
      "4511-[\"e\",{\"_placeholder\":true,\"num\":0}]",
      "451-[\"e\",{\"_placeholder\":true,\"num\":9}]",
      "450-[\"e\"]",
      "4599999-[\"e\"]",
      "42[]",
      "42[1]",
      "42[\"connect\"]",
      "42[\"disconnect\",{}]",
      "4299999999999999999999[\"e\"]",
      "43[]",
      "431[]",
      "4312[1,2]",
      "461-1[1]",
      "42{}",
      "42\"e\"",
      "42[\"e\",{},{}]",
      "42[\"e\",7]",
      "4" + "[".repeat(900),
      "b",
      "bAAAA",
      "b====");

  private final URI webSocket;
  private final ChatFrames frames = new ChatFrames();

  /**
   * @param webSocket where a WebSocket is opened
   */
  SocketIoAttack(URI webSocket) {
    this.webSocket = webSocket;
  }

  private String packet(Random random, JsonMutator mutator) {
    if (random.nextInt(40) == 0) {
      return OTHERS.get(random.nextInt(OTHERS.size()));
    }
    String[] event = frames.event(random);
    String ack = random.nextInt(3) == 0 ? "" : Integer.toString(random.nextInt(100_000));
    String name = random.nextInt(12) == 0 ? event[0] + "x" : event[0];
    String packet = "42" + ack + "[\"" + name + "\"," + mutator.structure(event[1]) + "]";
    return random.nextInt(40) == 0 ? mutator.letters(packet) : packet;
  }

  private String connect(Random random) {
    return "40{\"token\":\"" + frames.token(random) + "\"}";
  }

  // --- over WebSocket

  /** Packets; each connection takes many, until one breaks the protocol. */
  void packets(Random random, Tally tally) {
    JsonMutator mutator = new JsonMutator(random);
    RawSocket raw = RawSocket.open(webSocket);
    raw.patience(PATIENCE);
    try {
      raw.write(RawSocket.text(connect(random)));
      for (int batch = 0; batch < BATCHES; batch++) {
        byte[][] all = new byte[BATCH + 1][];
        for (int i = 0; i < BATCH; i++) {
          byte[] packet = packet(random, mutator).getBytes(StandardCharsets.UTF_8);
          int type = random.nextInt(400) == 0 ? RawSocket.BINARY : RawSocket.TEXT;
          all[i] = RawSocket.frame(RawSocket.FINAL | type, packet);
        }
        all[BATCH] = RawSocket.text(PROBE);
        tally.thrown(BATCH);
        raw.write(all);
        if (!answered(raw, tally)) {
          return;
        }
      }
    } finally {
      raw.reset();
    }
  }

  /** Frames that are damaged in their bytes. */
  void bytes(Random random, Tally tally) {
    FrameMutator mutator = new FrameMutator(random);
    RawSocket raw = RawSocket.open(webSocket);
    raw.patience(PATIENCE);
    try {
      byte[] all = RawSocket.text(connect(random));
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        String packet = "42[\"get_participants\",{\"ticket_id\":\"fuzz-1\"}]";
        all = RawSocket.join(all, mutator.mutate(packet.getBytes(StandardCharsets.UTF_8)));
      }
      tally.thrown(count);
      PlainAttack.settle(raw, RawSocket.join(all, RawSocket.text("2")), tally);
    } finally {
      raw.reset();
    }
  }

  private static boolean answered(RawSocket raw, Tally tally) {
    for (RawSocket.Frame frame = raw.read(); frame != null; frame = raw.read()) {
      if (frame.opcode() == RawSocket.CLOSE) {
        tally.closed(frame.closeCode(), "mutated packets");
        return false;
      } else if (frame.opcode() == RawSocket.TEXT) {
        String text = frame.text();
        if (text.startsWith(ANSWER)) {
          return true;
        }
        tally.heard(text);
      }
    }
    tally.fault("ended without a close frame after mutated packets");
    return false;
  }

  // --- by polling

  /** Bodies of many packets; each session takes several, over one connection. */
  void polling(Random random, Tally tally) {
    JsonMutator mutator = new JsonMutator(random);
    RawSocket raw = RawSocket.connect(webSocket);
    raw.patience(PATIENCE);
    try {
      String path = "/socket.io/?EIO=4&transport=polling";
      String opened = exchange(raw, "GET", path, "").body();
      int at = opened.indexOf("\"sid\":\"") + 7;
      String session = path + "&sid=" + opened.substring(at, opened.indexOf('"', at));
      exchange(raw, "POST", session, connect(random));
      for (int batch = 0; batch < BATCHES; batch++) {
        List<String> packets = new ArrayList<>();
        int length = 0;
        while (packets.size() < BATCH && length < MAX_BODY) {
          packets.add(packet(random, mutator));
          length += packets.get(packets.size() - 1).length();
        }
        tally.thrown(packets.size());
        packets.add(PROBE);
        var posted = exchange(raw, "POST", session, String.join("\u001e", packets));
        tally.count("POST " + posted.status());
        if (posted.status() == 413) {
          return; // its connection is closed
        }
        if (posted.status() != 200 && posted.status() != 400) {
          tally.fault("POST was answered with " + posted.head());
        }
        if (posted.status() != 200 || !polled(raw, session, tally)) {
          return;
        }
      }
    } finally {
      raw.reset();
    }
  }

  private static boolean polled(RawSocket raw, String session, Tally tally) {
    while (true) {
      var poll = exchange(raw, "GET", session, "");
      if (poll.status() != 200) {
        tally.count("poll " + poll.status());
        return false;
      }
      for (String packet : poll.body().split("\u001e")) {
        if (packet.equals("1") || packet.equals("6")) {
          tally.count("session closed");
          return false;
        }
        if (packet.startsWith(ANSWER)) {
          return true;
        }
        tally.heard(packet);
      }
    }
  }

  static RawSocket.Response exchange(RawSocket raw, String method, String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head = method + " " + path + " HTTP/1.1\r\nHost: x\r\n"
        + (method.equals("POST") ? "Content-Length: " + bytes.length + "\r\n" : "") + "\r\n";
    raw.write(head.getBytes(StandardCharsets.US_ASCII), bytes);
    return raw.readResponse();
  }
}
