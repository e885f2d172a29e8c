package dev.chatgateway.presence;

import dev.chatgateway.session.Session;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The names a pod's entries in the store go by: the current one, and those it has given up. */
final class Incarnations {
  private static final int FORMERS = 8;
  // Nothing that went out under an incarnation reaches Redis so much later.
  private static final long FORMER_NANOS = Duration.ofMinutes(5).toNanos();
  private static final SecureRandom RANDOM = new SecureRandom();

  private volatile String current = newId();
  private volatile List<Former> formers = List.of();

  /** An incarnation that was given up. */
  private record Former(String incarnation, long sinceNanos) {}

  /** A random id: 8 characters, 40 bits. */
  static String newId() {
    StringBuilder id = new StringBuilder(8);
    for (int i = 0; i < 8; i++) {
      id.append("0123456789abcdefghijklmnopqrstuv".charAt(RANDOM.nextInt(32)));
    }
    return id.toString();
  }

  /** The current one. From any thread. */
  String current() {
    return current;
  }

  /** Takes a new one, and returns the one that is given up. On one thread only. */
  String replace() {
    String before = current;
    List<Former> all = new ArrayList<>(formers);
    all.add(new Former(before, System.nanoTime()));
    formers = List.copyOf(all.subList(Math.max(0, all.size() - FORMERS), all.size()));
    current = newId();
    return before;
  }

  /** The session's name in the store. From any thread. */
  String member(Session session) {
    return member(current, session);
  }

  /** The names that the session had a while ago. From any thread. */
  List<String> formerMembers(Session session) {
    List<Former> all = formers;
    if (all.isEmpty()) {
      return List.of();
    }
    long now = System.nanoTime();
    return all.stream()
        .filter(former -> now - former.sinceNanos() < FORMER_NANOS)
        .map(former -> member(former.incarnation(), session))
        .toList();
  }

  private static String member(String incarnation, Session session) {
    return incarnation + "." + Long.toString(session.number(), Character.MAX_RADIX);
  }
}
