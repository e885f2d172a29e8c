package dev.chatgateway.session;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.ServerEvents;
import java.time.Instant;
import java.util.Arrays;

/**
 * One live connection of a client, whichever door it came through. It belongs to a loop, and is
 * touched there only; what others may ask from elsewhere says so.
 */
public final class Session {
  private static final Seat[] NO_SEATS = {};

  /** What is limited per connection; each has its place in {@link #arrivals}. */
  public enum Limited {
    FRAMES,
    MESSAGES,
    JOINS,
    TYPING
  }

  private static final long CLOCK_TOLERANCE_MS = 10_000;
  private static final int AROUND_DATA = 32;

  private final String id;
  private final long number;
  private final Loop loop;
  private final Outbound out;
  private final Sessions sessions;
  private final long openedNanos;
  private final long[] arrivals = new long[Limited.values().length];

  // Replaced, never changed, so that the relay's loop may look whether somebody is in a room.
  private volatile Seat[] seats = NO_SEATS;
  private volatile Principal principal;
  private volatile LocalUser user;
  private long registeredAtMs;
  private long authenticatedNanos;
  private boolean closed;
  private boolean sentAway;
  private boolean expectedBack;
  private boolean endTold;
  private Offences offences;
  private final Turns turns = new Turns();
  private final Deadlines deadlines;
  private final Sending sending;

  Session(String id, long number, Loop loop, Outbound out, Sessions sessions, long nowNanos) {
    this.id = id;
    this.number = number;
    this.loop = loop;
    this.out = out;
    this.sessions = sessions;
    this.openedNanos = nowNanos;
    this.sending = new Sending(this, out, sessions);
    this.deadlines = new Deadlines(this, out, sessions, nowNanos);
    Arrays.fill(arrivals, nowNanos);
  }

  /** The connection's id as clients and logs know it. */
  public String id() {
    return id;
  }

  /** The connection's number on this pod; with the pod's incarnation, its name in Redis. */
  public long number() {
    return number;
  }

  /** When the client connected, as {@link System#nanoTime}. */
  public long openedNanos() {
    return openedNanos;
  }

  public Loop loop() {
    return loop;
  }

  /** The door it came through. */
  public Broadcast.Door door() {
    return out.door();
  }

  /** Who the client is; null until it has authenticated. May be called from anywhere. */
  public Principal principal() {
    return principal;
  }

  /** What this pod knows of the client's user; null until it has authenticated. */
  public LocalUser user() {
    return user;
  }

  /** The user has been taken into the directory. */
  public void user(LocalUser known) {
    user = known;
  }

  /** Whether the client is that user. May be called from anywhere. */
  public boolean isUser(String userId) {
    Principal who = principal;
    return who != null && who.userId().equals(userId);
  }

  /** The client has proven who it is, or that it still is. */
  public void authenticated(Principal who, long redisTimeMs) {
    principal = who;
    deadlines.authenticated();
    if (registeredAtMs == 0) {
      registeredAtMs = redisTimeMs;
      authenticatedNanos = System.nanoTime();
    }
  }

  /** Redis's time when the connection authenticated first, in milliseconds; 0 before. */
  public long registeredAtMs() {
    return registeredAtMs;
  }

  /** When the connection authenticated first, as {@link System#nanoTime}; after that only. */
  public long authenticatedNanos() {
    return authenticatedNanos;
  }

  public boolean isClosed() {
    return closed;
  }

  // --- rooms

  /** The seat in that ticket's room, or null. May be called from anywhere. */
  public Seat seat(String ticketId) {
    for (Seat seat : seats) {
      if (seat.ticketId().equals(ticketId)) {
        return seat;
      }
    }
    return null;
  }

  /** The seats taken; never changed in place. May be called from anywhere. */
  public Seat[] seats() {
    return seats;
  }

  public void addSeat(Seat seat) {
    Seat[] more = Arrays.copyOf(seats, seats.length + 1);
    more[seats.length] = seat;
    seats = more;
  }

  public void removeSeat(Seat seat) {
    Seat[] fewer = Arrays.stream(seats).filter(other -> other != seat).toArray(Seat[]::new);
    seats = fewer.length == 0 ? NO_SEATS : fewer;
  }

  // --- out

  /** Sends an event to this client alone. */
  public void send(ServerEvent event) {
    sending.send(event);
  }

  /** Sends an event that a place in the queue was claimed for. */
  public void sendClaimed(ServerEvent event) {
    sending.sendClaimed(event);
  }

  /** The bytes that an event takes in the queue, about. */
  public static int size(ServerEvent event) {
    return event.data().length + event.name().length() + AROUND_DATA;
  }

  /** What claims places in the queue for large answers. */
  public Outlet outlet() {
    return sending.outlet();
  }

  /** Whether the client may be sent more; one that is too slow is closed. */
  public boolean keepsUp() {
    return sending.keepsUp(0);
  }

  /** Whether the client may be sent so many bytes more; one that is too slow is closed. */
  boolean keepsUp(int bytes) {
    return sending.keepsUp(bytes);
  }

  /** Whether that much more leaves half of the queue to what comes later. */
  boolean hasRoomFor(long bytes) {
    return sending.hasRoomFor(bytes);
  }

  /** Sends a shared event, unless the client is too slow for it, or its token is over. */
  public void deliver(Broadcast broadcast) {
    sending.deliver(broadcast);
  }

  /** Counts a room's event that was sent to this client alone. */
  public void countDelivered() {
    sessions.metrics().delivered();
  }

  /**
   * Does something for the client; should it fail, whatever the reason, the connection is closed: the
   * client begins anew with what it knows.
   *
   * @param doing what, for the log
   */
  public void attempt(String doing, Runnable action) {
    try {
      action.run();
    } catch (Throwable failure) { // out of memory, say: the others go on
      failed(doing, failure);
    }
  }

  /** Something for the client has failed for no reason that it could be told. */
  void failed(String doing, Throwable failure) {
    try {
      Failures.toldToClient(failure, id, doing);
    } finally {
      close(CloseCode.INTERNAL);
    }
  }

  // --- end

  /**
   * Asks the client, once, to come back after that delay, to whichever pod. Then, when all it asked
   * has been answered, the connection is closed with 1012. Its user keeps their places in rooms for
   * {@code chat.presence.grace}, unless the connection ends for another reason.
   */
  public void sendAway(String reason, long delayMs) {
    if (closed || sentAway) {
      return;
    }
    sentAway = true;
    expectedBack = true;
    sessions.metrics().sentAway(reason);
    send(ServerEvents.reconnect(reason, delayMs));
    Runnable leave = () -> {
      close(CloseCode.RESTART);
      turns.done();
    };
    loop.after(delayMs, () -> turns.enqueue(leave));
  }

  /** Whether the client has been asked to go. */
  public boolean isSentAway() {
    return sentAway;
  }

  /** Whether the client went, or will go, for no other reason than being asked to. */
  public boolean isExpectedBack() {
    return expectedBack;
  }

  /** Ends the connection for that reason. */
  public void close(CloseCode code) {
    close(code, code.reason());
  }

  /** Ends the connection, with a better reason than the usual. */
  public void close(CloseCode code, String reason) {
    if (!closed) {
      closed = true;
      expectedBack &= code == CloseCode.RESTART;
      sessions.metrics().closed(code);
      out.close(code, reason);
      if (expectedBack) {
        // Now: the client may be back, somewhere else, before its connection is known to be gone.
        sessions.tellEnd(this);
      }
    }
  }

  /** Tells the client that error, and ends the connection with the code that the error names. */
  public void close(ChatException why) {
    if (!closed) {
      count(why.code());
      send(ServerEvents.error(why, null, null));
      close(why.closeCode(), why.closeReason());
    }
  }

  /**
   * Ends the connection where it is as old as the order to end its user's, in Redis's time, or hardly
   * younger: the clock may have gone back. One that is indeed younger connects again.
   */
  public void closeAsOrdered(long orderedAtMs) {
    if (orderedAtMs > 0 && registeredAtMs - CLOCK_TOLERANCE_MS <= orderedAtMs) {
      close(Endings.byTicketSystem());
    }
  }

  /** The connection is gone. */
  void ended() {
    closed = true;
    turns.clear();
    sending.end();
  }

  /** Whether it is still to be told that the session has ended; it then counts as told. */
  boolean takeEnd() {
    boolean due = !endTold;
    endTold = true;
    return due;
  }

  // --- in

  /** What the client asks, one after the other. */
  Turns turns() {
    return turns;
  }

  /** Returns whether something that the client asked, or its token, is being handled. */
  public boolean isBusy() {
    return turns.isBusy();
  }

  /** Runs the action when all that the client has asked up to now is done. */
  public void afterTurns(Runnable action) {
    turns.enqueue(() -> {
      turns.done(); // first, so that the action finds whether anything follows
      action.run();
    });
  }

  /** The client gave a sign of life. */
  public void heard() {
    deadlines.heard();
  }

  /** Up to when the limits have been used, each at the place of its {@link Limited}. */
  long[] arrivals() {
    return arrivals;
  }

  /** Counts an error told to the client. */
  void count(ErrorCode code) {
    sessions.metrics().error(code);
  }

  /** Counts a bad frame; closes the connection at too many. */
  void countBad(int max) {
    if (offences().bad() > max) {
      close(CloseCode.POLICY);
    }
  }

  /** Counts a frame refused by a rate limit; closes the connection at too many. */
  void countRefused(int max) {
    if (offences().refused() > max) {
      close(CloseCode.RATE_LIMITED);
    }
  }

  /** When to try again what a rate refused; see {@link Offences#promise}. */
  long promise(Limited what, long nowNanos, long waitNanos, long intervalNanos) {
    return offences().promise(what.ordinal(), nowNanos, waitNanos, intervalNanos);
  }

  private Offences offences() {
    if (offences == null) {
      offences = new Offences();
    }
    return offences;
  }

  // --- time

  /**
   * A good token of the client's, which ends then, is not stored yet: the client has as long again to
   * repeat it, and is not closed in that time for the end of the one before.
   */
  public void awaitTokenAnew(Instant end) {
    deadlines.awaitTokenAnew(end);
  }

  /**
   * Whether the client's token is good can't be known now, as its key isn't. The client has as long
   * again to repeat it, from when it was asked to, and is not closed in that time for the end of the
   * one before.
   */
  public void keyUnknown(long retryAfterMs) {
    deadlines.keyUnknown(System.nanoTime(), retryAfterMs);
  }

  /**
   * Since when the client brings tokens whose key is not known, as {@link System#nanoTime}; {@link
   * TokenVerifier#NOT_BEFORE} where it does not.
   */
  public long keyUnknownSinceNanos() {
    return deadlines.keyUnknownSinceNanos();
  }

  /** The token that came last is none that is waited for. */
  public void tokenRefused() {
    deadlines.tokenRefused();
  }

  /**
   * Whether the client's token has ended, and a newer one is waited for: until that is stored, the
   * client may do and hear nothing.
   */
  public boolean isTokenOver() {
    return deadlines.isTokenOver();
  }

  /** Looks after what is due: authentication, the token's end, the heartbeat. */
  void tick(LimitsConfig limits, long nowNanos, long nowMs) {
    if (!closed) {
      deadlines.check(limits, nowNanos, nowMs);
    }
  }
}
