package dev.chatgateway.relay;

import dev.chatgateway.logging.LogThrottle;
import dev.chatgateway.redis.Epochs;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Pacer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reads from the store what a room has missed, so many rooms at once and no more: after an outage
 * all rooms of a pod want it together.
 */
final class Healer {
  private static final Logger LOG = Logger.getLogger(Healer.class);
  private static final LogThrottle DEFECTS = new LogThrottle(Duration.ofMinutes(1));
  private static final LuaScript CATCH_UP = LuaScript.load("relay/catch_up");
  private static final LuaScript NEW_EPOCH = LuaScript.load("relay/new_epoch");
  private static final List<String> PARTS = List.of("meta", "log", "events");
  // Of one reading, of which healsAtOnce may be under way.
  private static final int BYTES = 512 * 1024;

  private final Keys keys;
  private final Epochs epochs;
  private final Loop loop;
  private final Pacer pacer;
  private final Runnable rejected;

  /**
   * What a room has missed, in the order to deliver it, and its position then.
   *
   * @param startedAnew whether the room's earlier position no longer counts, or more is missing
   *     than the store still has
   * @param more whether there is more after that position, to be read next
   */
  record Missed(
      boolean startedAnew,
      String epoch,
      long seq,
      long rev,
      String newestId,
      String newestAt,
      List<Envelope> envelopes,
      boolean more) {}

  /**
   * @param rejected called for each entry of the store that is not as the gateway makes them; it is
   *     left out, or its room would never be complete
   */
  Healer(Keys keys, Epochs epochs, Loop loop, int atOnce, Runnable rejected) {
    this.rejected = rejected;
    this.keys = keys;
    this.epochs = epochs;
    this.loop = loop;
    this.pacer = new Pacer(atOnce);
  }

  /** Reads what the room has missed after its position, or the first part of it. */
  Future<Missed> read(Room room) {
    return pacer.run(() -> readNow(room));
  }

  private Future<Missed> readNow(Room room) {
    String epoch = room.epoch == null ? "?" : room.epoch;
    return CATCH_UP
        .call(
            loop.redis(),
            keys.ticket(room.ticketId, PARTS),
            epoch,
            room.seq,
            room.rev,
            room.newestId,
            room.newestAt,
            BYTES)
        .compose(reply -> {
          if (reply.at(0).text().equals("back")) {
            return NEW_EPOCH
                .call(loop.redis(), keys.ticket(room.ticketId, PARTS), epoch, epochs.next())
                .compose(changed -> readNow(room));
          }
          return Future.succeededFuture(missed(room, reply));
        });
  }

  private Missed missed(Room room, Reply reply) {
    String state = reply.at(0).text();
    String epoch = reply.at(1).text();
    long seq = reply.at(2).number();
    long rev = reply.at(3).number();
    String newestId = reply.at(4).text();
    boolean first = room.epoch == null;
    boolean cameToBe = !first && room.epoch.isEmpty() && state.equals("same");
    boolean anew = !first && !cameToBe && !state.equals("same");
    List<Envelope> envelopes = new ArrayList<>();
    if (!first && !anew) {
      Reply messages = reply.at(5);
      for (int i = 0; i < messages.size(); i++) {
        Reply message = messages.at(i);
        add(envelopes, () -> message(epoch, rev, message));
      }
      Reply events = reply.at(6);
      for (int i = 0; i < events.size(); i++) {
        Reply event = events.at(i);
        add(envelopes, () -> Envelope.parse(event.bytes()));
      }
    }
    boolean more = reply.at(8).number() == 1;
    return new Missed(anew, epoch, seq, rev, newestId, reply.at(7).text(), envelopes, more);
  }

  private void add(List<Envelope> envelopes, Supplier<Envelope> entry) {
    try {
      envelopes.add(entry.get());
    } catch (MalformedException e) {
      rejected.run();
    } catch (RuntimeException e) {
      rejected.run();
      if (DEFECTS.admits()) {
        LOG.error("Reading an entry of a ticket failed; it is left out", e);
      }
    }
  }

  private static Envelope message(String epoch, long rev, Reply message) {
    if (message.size() < 5) {
      throw new MalformedException("an entry without id, time or author");
    }
    String[] words = {message.at(1).text(), message.at(2).text(), message.at(3).text()};
    return new Envelope(
        Envelope.MESSAGE,
        epoch,
        message.at(0).number(),
        rev,
        words,
        message.at(4).bytes());
  }
}
