package dev.chatgateway.ticket;

import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Membership;
import dev.chatgateway.session.Outlet;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends the messages of a long resume after its snapshot, page by page: each is read from the store
 * when the client has room for it, and the seat goes live when nothing is left to read. Keeps
 * nothing; called on the seat's loop.
 */
final class Following {
  private static final LuaScript FOLLOW = LuaScript.load("ticket/follow");
  private static final long AGAIN_MS = 500;
  private static final long HEAR_MS = 10;
  private static final int HEAR_TIMES = 100;
  private static final int STATUSES = 200;
  private static final int NO_MESSAGES = -1;

  private final TicketScripts scripts;
  private final Membership membership;
  private final int pageBytes;
  private final Consumer<Seat> lost;

  /**
   * @param pageBytes of messages that are read at once, about
   * @param lost gets a seat whose messages are not all there any more, or which is not in the room
   */
  Following(TicketScripts scripts, Membership membership, int pageBytes, Consumer<Seat> lost) {
    this.scripts = scripts;
    this.membership = membership;
    this.pageBytes = pageBytes;
    this.lost = lost;
  }

  /** Sends what follows the snapshot that the client of the seat has just been sent. */
  void start(Seat seat) {
    new Course(seat).next();
  }

  /** One seat's way, until it is live or has to have another snapshot. */
  private final class Course {
    private final Seat seat;
    private final Session session;
    private final int turn;
    private Outlet.Claim claim; // null while there is none, or it waits
    private boolean claiming;
    private boolean watching;
    private boolean reading;
    private int unheard;

    Course(Seat seat) {
      this.seat = seat;
      this.session = seat.session();
      this.turn = seat.turn();
    }

    private boolean isOn() {
      if (session.isClosed()
          || session.seat(seat.ticketId()) != seat
          || !seat.isLatest(turn)
          || !seat.isFollowing()) {
        return false;
      }
      if (session.isTokenOver()) {
        seat.markMissed(); // there will be a snapshot with the newer one
        return false;
      }
      return true;
    }

    void next() {
      if (claiming || claim != null || !isOn()) {
        return;
      }
      claiming = true;
      session.outlet().claim(pageBytes).onSuccess(granted -> {
        claiming = false;
        claim = granted;
        if (!reading) {
          read();
        }
      });
      watchStatuses();
    }

    // A client that reads nothing must not make what is kept for it grow.
    private void watchStatuses() {
      if (watching) {
        return;
      }
      watching = true;
      session.loop().after(AGAIN_MS, () -> {
        watching = false;
        if (claiming && isOn()) {
          if (!reading && seat.hasLateStatuses(STATUSES)) {
            read();
          }
          watchStatuses();
        }
      });
    }

    /** Reads a page, where there is room for it, and what has to be known of statuses. */
    private void read() {
      if (!isOn()) {
        end(0);
        return;
      }
      reading = true;
      Outlet.Claim room = claim;
      List<String> ids = seat.lateStatuses(STATUSES);
      seat.startReading();
      membership
          .ready(session.loop())
          .compose(ready -> scripts.call(
              session.loop().redis(),
              FOLLOW,
              seat.ticketId(),
              membership.member(session),
              seat.epoch(),
              seat.seq(),
              seat.rev(),
              room == null ? NO_MESSAGES : pageBytes,
              ids))
          .onComplete(done -> {
            reading = false;
            try {
              session.attempt(
                  "a resume", () -> came(done.succeeded() ? done.result() : null, ids, room));
            } finally {
              if (!isOn()) {
                end(0);
              }
            }
          });
    }

    private void came(Reply reply, List<String> ids, Outlet.Claim room) {
      if (!isOn()) {
        return;
      }
      if (reply == null) {
        seat.readInVain();
        end(0); // a claim that waits still goes on by itself
        session.loop().after(AGAIN_MS, this::next);
      } else if (reply.at(0).text().equals("gone")) {
        seat.readInVain();
        end(0);
        lost.accept(seat);
      } else {
        for (int i = 0; i < ids.size(); i++) {
          seat.tellStatus(ids.get(i), reply.at(4).at(i).number());
        }
        if (room == null) {
          seat.readInVain();
          if (claim != null) {
            read(); // room has come meanwhile
          }
        } else {
          page(reply);
        }
      }
    }

    private void page(Reply reply) {
      long sent = 0;
      long upTo = seat.seq();
      for (StoredMessage message : StoredMessage.list(reply.at(3))) {
        JsonWriter json = new JsonWriter(message.body().length + 256);
        message.write(json, seat.ticketId(), seat.epoch());
        ServerEvent event = new ServerEvent("new_message", json.toBytes());
        session.sendClaimed(event);
        session.countDelivered();
        sent += Session.size(event);
        upTo = message.seq();
      }
      boolean progress = upTo > seat.seq();
      unheard = progress ? 0 : unheard + 1;
      boolean live =
          seat.caughtUp(upTo, reply.at(2).number(), reply.at(1).number(), unheard < HEAR_TIMES);
      end(sent);
      if (!live && progress) {
        next();
      } else if (!live) {
        session.loop().after(HEAR_MS, this::next); // the room is about to hear what was read
      }
    }

    private void end(long sent) {
      if (claim != null) {
        claim.settle(sent);
        claim = null;
      }
    }
  }
}
