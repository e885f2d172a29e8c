package dev.chatgateway.presence;

import dev.chatgateway.session.Batcher;
import dev.chatgateway.session.Directory;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Retry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the index of the users of whom this pod has stored something. Who has left is taken out of it
 * after a while only: a store that goes back has them again, and a connection that is being made known
 * meanwhile must not lose its entry.
 */
final class UserIndex {
  private static final int LEASES = 8;
  private static final long LOOK_EVERY_MS = 200;
  private static final int BATCH = 1000;

  private final Loop main;
  private final Index index;
  private final Lease lease;
  private final Directory directory;
  private final long delayNanos;
  private final List<Batcher<String>> additions;

  // On the main loop; in the order of time, as System.nanoTime.
  private final Map<String, Long> left = new LinkedHashMap<>();
  private final Map<String, Long> removed = new LinkedHashMap<>();
  private final Map<String, Set<Object>> leaving = new HashMap<>();

  UserIndex(Loops loops, Index index, Lease lease, Directory directory, Duration leaseTime) {
    this.main = loops.main();
    this.index = index;
    this.lease = lease;
    this.directory = directory;
    this.delayNanos = leaseTime.toNanos() * LEASES;
    this.additions = loops.all().stream()
        .map(loop -> new Batcher<String>(
            loop, batch -> index.addUsers(loop.redis(), lease.incarnation(), batch)))
        .toList();
    main.every(LOOK_EVERY_MS, this::removeLeft);
  }

  /** Notes, ahead of the first entry about the user, that this pod has something. On that loop. */
  Future<Void> add(Loop loop, String userId) {
    return additions.get(loop.index()).add(userId);
  }

  /** A connection of the user is known now. On the main loop, with the user in the directory. */
  void registered(String userId) {
    if (removed.remove(userId) != null) { // perhaps after it had been added for that connection
      Retry.untilDone(
          main, () -> index.addUsers(main.redis(), lease.incarnation(), List.of(userId)));
    }
  }

  /** That connection of the user is being taken out of the store; {@link #takenOut} has to follow. */
  void leaving(String userId, Object connection) {
    main.run(() -> leaving.computeIfAbsent(userId, first -> new HashSet<>(2)).add(connection));
  }

  /** That has been done. */
  void takenOut(String userId, Object connection) {
    main.run(() -> {
      leaving.computeIfPresent(
          userId, (id, all) -> all.remove(connection) && all.isEmpty() ? null : all);
      left.remove(userId); // last again
      left.put(userId, System.nanoTime());
    });
  }

  private void removeLeft() {
    long now = System.nanoTime();
    takeDue(removed, now, Integer.MAX_VALUE);
    List<String> gone = takeDue(left, now, BATCH).stream()
        .filter(userId -> directory.user(userId) == null && !leaving.containsKey(userId))
        .toList();
    if (gone.isEmpty()) {
      return;
    }
    gone.forEach(userId -> removed.put(userId, now));
    index
        .removeUsers(main.redis(), lease.incarnation(), gone)
        .onFailure(e -> gone.forEach(userId -> left.put(userId, System.nanoTime())));
  }

  private List<String> takeDue(Map<String, Long> from, long now, int atMost) {
    List<String> due = new ArrayList<>();
    Iterator<Map.Entry<String, Long>> all = from.entrySet().iterator();
    while (all.hasNext() && due.size() < atMost) {
      Map.Entry<String, Long> oldest = all.next();
      if (now - oldest.getValue() < delayNanos) {
        break;
      }
      due.add(oldest.getKey());
      all.remove();
    }
    return due;
  }
}
