package dev.chatgateway.presence;

import dev.chatgateway.redis.Epochs;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Sees when a server of the store has gone back to an earlier state, as one does that is restarted
 * from an older snapshot, or a replica that was behind and took over. The pods that hear a ticket see
 * that by its messages; this is for the tickets that no pod hears. With each heartbeat, and whenever
 * it has connected, the pod leaves a mark with each server. A mark that is gone means that other
 * things may be, and the pods raise the store's generation to the time of that mark: a client that
 * resumes in an epoch born earlier starts over (see {@link Epochs}).
 *
 * <p>So does the first pod to come after there was none for a minute: nobody can vouch for the store.
 * Not seen is what was lost since the last mark, where the only pod that heard the ticket is lost with
 * it. On the main loop.
 *
 * <p>Keys: {@code {w:<n>}:<pod>}, a number that the pod counts up with each mark, kept for a day;
 * {@code {w:<n>}:newest}, when any pod left one (Redis's time, ms), and {@code {pods}:generation},
 * both kept as long as users are. There is one {@code n} on each server.
 */
public final class Witness {
  private static final Logger LOG = Logger.getLogger(Witness.class);
  private static final LuaScript WITNESS = LuaScript.load("presence/witness");
  private static final LuaScript GENERATION = LuaScript.load("presence/generation");
  // A loop sees within 200 ms that another server is the one to use, and has to connect.
  private static final long SETTLE_MS = 500;
  private static final long MARK_LIFETIME_MS = Duration.ofDays(1).toMillis();
  private static final long UNATTENDED_MS = Duration.ofMinutes(1).toMillis();

  private final String pod;
  private final Loops loops;
  private final Loop main;
  private final Keys keys;
  private final PresenceConfig config;
  private final Epochs epochs;
  // Of each server, the last mark that is known to be kept.
  private final Map<Integer, Mark> marks = new HashMap<>();
  // How often a loop has connected. What went on meanwhile is not known before the next look.
  private final AtomicInteger connected = new AtomicInteger();
  private Lease lease;
  private boolean first = true;
  // The latest time, in ms, since which a server may have lost something; 0 if none has.
  private long lostSince;
  private boolean settling;
  private boolean looking;
  private boolean lookAgain;

  /** A mark that a server keeps, and when it was left (Redis's time). */
  private record Mark(long number, long atMs) {}

  public Witness(String pod, Loops loops, Keys keys, PresenceConfig config, Epochs epochs) {
    this.pod = pod;
    this.loops = loops;
    this.main = loops.main();
    this.keys = keys;
    this.config = config;
    this.epochs = epochs;
  }

  /**
   * Begins to look.
   *
   * @param lease put off while it is not known whether the store went back, and renewed when it may
   *     have, by however little: another server has taken over, or it was seen. Once for the
   *     connections of all loops, as far as they notice at about the same time: the server before may
   *     have gone on accepting what came by the last
   */
  public void start(Lease lease) {
    this.lease = lease;
    for (Loop loop : loops.all()) {
      loop.executor().execute(() -> loop.redis().onUp(this::connected));
    }
    main.executor().execute(this::look);
    main.every(config.heartbeat().toMillis(), this::look);
  }

  /** On any loop, before anything goes by its connection. */
  private void connected(boolean another) {
    connected.incrementAndGet();
    lease.putOff();
    main.run(() -> {
      if (another) {
        takenOver();
      }
      look();
    });
  }

  private void takenOver() {
    if (!settling) {
      settling = true;
      main.after(SETTLE_MS, () -> {
        settling = false;
        lease.renew();
      });
    }
  }

  private void look() {
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    int of = connected.get();
    List<Future<?>> all = new ArrayList<>();
    for (int server : main.redis().witnesses()) {
      all.add(mark(server));
    }
    Future.join(all)
        .transform(marked -> agree(marked.succeeded() && !all.isEmpty()))
        .onComplete(done -> {
          looking = false;
          if (lookAgain) {
            lookAgain = false;
            look();
          } else if (of == connected.get()) {
            lease.goOn(); // where it failed, too: others may be served
          }
        });
  }

  // Durably: a mark that a failover takes back would tell of a loss where there is none.
  private Future<Void> mark(int server) {
    return WITNESS
        .callDurably(
            main.redis(),
            List.of(keys.witness(server, pod), keys.witness(server, "newest")),
            marks.containsKey(server) ? marks.get(server).number() : 0,
            MARK_LIFETIME_MS,
            config.lifetime().toMillis(),
            first ? UNATTENDED_MS : "")
        .map(reply -> {
          Mark mark = new Mark(reply.at(0).number(), reply.at(1).number());
          if (mark.number() == 0) {
            lostSince = Math.max(lostSince, marks.getOrDefault(server, mark).atMs());
          } else {
            marks.put(server, mark);
          }
          return null;
        });
  }

  private Future<Void> agree(boolean markedAll) {
    long raise = lostSince;
    return GENERATION
        .callDurably(
            main.redis(),
            List.of(keys.shared("generation")),
            epochs.generation(),
            raise,
            config.lifetime().toMillis())
        .map(reply -> {
          epochs.generation(reply.number());
          first &= !markedAll;
          if (raise > 0) {
            LOG.warnf(
                "Redis lost data, or was unattended, since %s: clients that resume older tickets"
                    + " start over",
                Instant.ofEpochMilli(raise));
            lostSince = 0;
            marks.clear();
            if (!first) {
              takenOver();
            }
            first = false;
          }
          return null;
        });
  }
}
