package dev.chatgateway.ops;

import dev.chatgateway.redis.ExpiringValues;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.RedisErrorException;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds out whether each server of the store takes writes, by writing: one that is full, can't save,
 * is a replica or still loading answers all the same, and refuses what the gateway needs. Written by
 * each pod, twice a second. On the main loop.
 *
 * <p>Key: {@code probe:{w:<n>}}, a constant that lives for a minute.
 */
final class WriteProbe {
  private static final Duration LIFETIME = Duration.ofMinutes(1);
  // Around its bound a full server takes one write and refuses the next.
  private static final int ACCEPTED_IN_A_ROW = 4;
  // What a failover or a restart brings along, and takes away within moments.
  private static final Set<String> PASSING =
      Set.of("READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "BUSY", "UNBLOCKED");
  // About where a key is, and none about the server.
  private static final Set<String> ELSEWHERE = Set.of("MOVED", "ASK", "TRYAGAIN");

  private final Loop main;
  private final Keys keys;
  private Refusal refusal;
  private int accepted;
  private boolean asking;

  /**
   * What a server says to writes.
   *
   * @param word Redis's code, such as {@code OOM}
   * @param text all of its answer
   */
  record Refusal(String word, String text) {
    /** Whether it may be over in a moment. */
    boolean isPassing() {
      return PASSING.contains(word);
    }
  }

  WriteProbe(Loop main, Keys keys) {
    this.main = main;
    this.keys = keys;
  }

  /** Returns why the store refuses writes; null if it is not known to. */
  Refusal refusal() {
    return refusal;
  }

  /** Writes, unless that is under way. */
  void write() {
    if (asking) {
      return;
    }
    List<Future<?>> all = new ArrayList<>();
    for (int server : main.redis().witnesses()) {
      String key = keys.probe(server);
      if (main.redis().isUp(key)) {
        all.add(ExpiringValues.put(main.redis(), key, "1", LIFETIME));
      }
    }
    if (all.isEmpty()) {
      return; // what holds up the connections is seen elsewhere
    }
    asking = true;
    Future.join(all).onComplete(done -> {
      asking = false;
      judge(all);
    });
  }

  private void judge(List<Future<?>> all) {
    for (Future<?> one : all) {
      if (one.cause() instanceof RedisErrorException error && !ELSEWHERE.contains(error.word())) {
        refusal = new Refusal(error.word(), error.getMessage());
        accepted = 0;
        return;
      }
    }
    if (refusal != null && all.stream().allMatch(Future::succeeded)) {
      accepted++;
      if (refusal.isPassing() || accepted >= ACCEPTED_IN_A_ROW) {
        refusal = null;
      }
    }
  }
}
