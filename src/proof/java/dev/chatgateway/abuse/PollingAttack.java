package dev.chatgateway.abuse;

import dev.chatgateway.testing.RawSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Packets with a flaw in the bodies of polling requests, many in each; and at each session's end a
 * request that may be the last.
 */
final class PollingAttack implements Barrage.Attack {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PATH = "/socket.io/?EIO=4&transport=polling";
  private static final String SEPARATOR = "\u001e";
  private static final String GONE = "unknown session";
  private static final int BATCHES = 12;
  private static final int BATCH = 32;
  private static final int BATCH_BYTES = 16_384;
  private static final int MAX_BODY = 524_288;
  private static final int RESERVE = 1000;

  private final URI door;
  private final Language language = new SocketIoLanguage();
  private final List<Attacker> attackers;

  PollingAttack(URI door, List<Attacker> attackers) {
    this.door = door;
    this.attackers = attackers;
  }

  @Override
  public void connection(long number, Random random, Tally tally) {
    Attacker attacker = attackers.get((int) (number % attackers.size()));
    new Session(attacker, number, random, tally).run();
  }

  private final class Session {
    private final Attacker attacker;
    private final Random random;
    private final Tally tally;
    private final JsonMutator mutator;
    private final Ledger ledger;
    private final String where;
    private final RawSocket raw = RawSocket.connect(door);
    private String path = PATH;
    private long next = 1000;
    private long questions = 1_000_000_000L;

    Session(Attacker attacker, long number, Random random, Tally tally) {
      this.attacker = attacker;
      this.random = random;
      this.tally = tally;
      this.mutator = new JsonMutator(random);
      this.where = "session " + number;
      this.ledger = new Ledger(tally, where, true);
      raw.patience(PATIENCE);
    }

    void run() {
      try {
        raw.write(request("GET", "", new byte[0]));
        String opened = raw.readResponse().body();
        int at = opened.indexOf("\"sid\":\"") + 7;
        path += "&sid=" + opened.substring(at, opened.indexOf('"', at));
        List<String> greeting = new ArrayList<>(language.greeting(attacker, true));
        greeting.add(question());
        String refused = exchange(body(greeting), answer -> {});
        if (refused != null) {
          throw new AssertionError("the greeting was refused: " + refused);
        }
        for (int i = 0; i < BATCHES && !tally.isEnough(); i++) {
          String end = exchange(body(batch()), ledger::heard);
          if (end != null) {
            tally.fault(where + ": " + end);
            ledger.ended(Conversation.BROKEN);
            return;
          }
          ledger.settle();
        }
        last();
      } finally {
        raw.reset();
      }
    }

    private List<String> batch() {
      List<String> packets = new ArrayList<>();
      int length = RESERVE;
      for (int messages = 0; messages < BATCH; messages++) {
        Mutant mutant = language.mutant(attacker, random, mutator, next++);
        List<String> parts = new ArrayList<>();
        parts.add(mutant.text());
        mutant.attachments().forEach(bytes -> parts.add(base64(bytes)));
        length += body(parts).length + 1;
        if (length > BATCH_BYTES) {
          break;
        }
        if (!ledger.awaits(mutant.key())) {
          ledger.thrown(mutant);
          packets.addAll(parts);
        }
      }
      packets.add(question());
      return packets;
    }

    private String question() {
      return language.question(attacker, ++questions);
    }

    /** Posts that and polls up to the answer to the last question; null, or how it ended before. */
    private String exchange(byte[] body, Consumer<Answer> others) {
      raw.write(request("POST", "", body), request("GET", "", new byte[0]));
      int status = raw.readResponse().status();
      if (status != 200) {
        return status + " to a POST";
      }
      return polled(others);
    }

    private String polled(Consumer<Answer> others) {
      String key = language.key(questions);
      while (true) {
        var poll = raw.readResponse();
        if (poll.status() != 200) {
          return poll.status() == 400 ? GONE : poll.status() + " to a poll";
        }
        boolean pinged = false;
        boolean answered = false;
        for (String packet : poll.body().split(SEPARATOR)) {
          Answer answer = language.read(packet);
          if (key.equals(answer.key())) {
            answered = true;
          } else if (answer.what() == Answer.What.END) {
            return "closed";
          } else if (answer.what() == Answer.What.PING) {
            pinged = true;
          } else {
            others.accept(answer);
          }
        }
        if (pinged) {
          raw.write(request("POST", "", body(List.of(language.sign()))));
          int status = raw.readResponse().status();
          if (status != 200) {
            return status + " to a sign of life";
          }
        }
        if (answered) {
          return null;
        }
        raw.write(request("GET", "", new byte[0]));
      }
    }

    // --- what may be the last

    private void last() {
      tally.thrown(Flaw.BREAKER);
      String good = question();
      byte[] body = lastBody(good);
      raw.write(request("POST", random.nextInt(8) == 0 ? "&x=%zz" : "", body));
      RawSocket.Response posted = raw.readResponse();
      if (posted.status() >= 500) {
        tally.fault(where + ": " + posted.head());
      }
      if (posted.status() != 200) {
        tally.ended("HTTP " + posted.status());
        return;
      }
      raw.write(request("GET", "", new byte[0]));
      FramesAttack.Outcome outcome = new FramesAttack.Outcome();
      String end = polled(outcome::heard);
      if (end == null) {
        outcome.count(tally);
      } else if (end.equals("closed") || end.equals(GONE)) {
        tally.ended("session closed");
      } else {
        tally.fault(where + ": " + end);
        tally.ended(end);
      }
    }

    private byte[] lastBody(String good) {
      String broken = language.breaker(attacker, random, mutator, next);
      return switch (random.nextInt(9)) {
        case 0 -> body(List.of(good, "bAAA=x", good));
        case 1 -> body(List.of("b" + broken, good));
        case 2 -> new byte[0];
        case 3 -> body(List.of("", good));
        case 4 -> body(List.of("3".repeat(MAX_BODY + 1 + random.nextInt(2000))));
        case 5 -> RawSocket.join(body(List.of(good)), new byte[] {(byte) 0xC0, (byte) 0xFF});
        default -> body(List.of(broken, good));
      };
    }

    private byte[] request(String method, String more, byte[] body) {
      String head = method + " " + path + more + " HTTP/1.1\r\nHost: x\r\n"
          + (method.equals("POST") ? "Content-Length: " + body.length + "\r\n" : "") + "\r\n";
      return RawSocket.join(head.getBytes(StandardCharsets.US_ASCII), body);
    }
  }

  private static byte[] body(List<String> packets) {
    return String.join(SEPARATOR, packets).getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] attachment) {
    return "b" + Base64.getEncoder().encodeToString(attachment);
  }
}
