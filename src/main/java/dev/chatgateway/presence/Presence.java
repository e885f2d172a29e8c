package dev.chatgateway.presence;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Batcher;
import dev.chatgateway.session.Directory;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Pacer;
import dev.chatgateway.session.Retry;
import dev.chatgateway.session.Session;
import dev.chatgateway.session.Sessions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Which users are connected, on this pod and in the store: makes connections known as somebody's,
 * takes them out when they end, and stores all of them again when they were lost.
 */
public final class Presence {
  // Crowds of connecting clients wait here rather than being refused by the bound on commands.
  private static final int AT_ONCE = 32;

  private final String podId;
  private final Loops loops;
  private final Lease lease;
  private final Index index;
  private final UserStore users;
  private final Directory directory;
  private final LimitsConfig limits;
  private final long graceMs;
  private final Sessions sessions;
  private final Sweeper sweeper;
  private final AtomicInteger usersHere = new AtomicInteger();
  private final Pacer[] pacers;
  // By loop: each session's latest attempt to be known as a user's, while it lasts.
  private final List<Map<Session, Attempt>> attempts;
  private final List<Batcher<String>> indexers;

  public Presence(
      String podId,
      Loops loops,
      Lease lease,
      Keys keys,
      UserStore users,
      TicketScripts tickets,
      Directory directory,
      Sessions sessions,
      LimitsConfig limits,
      PresenceConfig config,
      MeterRegistry registry) {
    this.podId = podId;
    this.loops = loops;
    this.lease = lease;
    this.index = new Index(keys);
    this.users = users;
    this.directory = directory;
    this.sessions = sessions;
    this.limits = limits;
    this.graceMs = config.grace().toMillis();
    this.sweeper = new Sweeper(loops.main(), index, tickets, users, registry);
    Gauge.builder("chat.users", usersHere, AtomicInteger::get)
        .description("Users with a connection to this pod")
        .register(registry);
    this.pacers = loops.all().stream().map(loop -> new Pacer(AT_ONCE)).toArray(Pacer[]::new);
    this.indexers = loops.all().stream()
        .map(loop -> new Batcher<String>(
            loop, batch -> index.addUsers(loop.redis(), lease.incarnation(), batch)))
        .toList();
    this.attempts =
        loops.all().stream().<Map<Session, Attempt>>map(loop -> new HashMap<>()).toList();
    sessions.onEnd(this::ended);
  }

  /** Sweeps what dead incarnations left. On the main loop. */
  public void sweep(List<String> dead) {
    sweeper.sweep(dead);
  }

  /** Notes, ahead of the first entry about them, that this pod has to do with those tickets. */
  public Future<Void> indexTickets(Collection<String> tickets) {
    return index.addTickets(loops.main().redis(), lease.incarnation(), tickets);
  }

  /** This pod has no more to do with those tickets. */
  public Future<Void> unindexTickets(Collection<String> tickets) {
    if (tickets.isEmpty()) {
      return Future.succeededFuture();
    }
    return index
        .removeTickets(loops.main().redis(), lease.incarnation(), tickets)
        .mapEmpty();
  }

  /**
   * Makes a connection known as a user's, or known again with a newer token. On its loop.
   *
   * @return fails with {@code invalid_token} where the token was revoked, with {@code rate_limited}
   *     where the user has too many connections
   */
  public Future<Void> connect(Session session, Principal who) {
    Attempt attempt = new Attempt(who.userId());
    Map<Session, Attempt> latest = attempts.get(session.loop().index());
    latest.put(session, attempt);
    return store(session, who)
        .onFailure(unknown -> takeBack(session, attempt, who.userId()))
        .compose(connected -> {
          if (session.isClosed()) {
            disconnect(session, who.userId());
            return Future.failedFuture(ChatException.unavailable()); // nobody is there to hear
          }
          switch (connected.admission()) {
            case REVOKED ->
              throw new ChatException(ErrorCode.INVALID_TOKEN, "the token was revoked");
            case CLOSED -> {
              session.close(CloseCode.UNAUTHENTICATED, "closed by the ticket system");
              throw new ChatException(ErrorCode.UNAUTHENTICATED, "the connection was closed");
            }
            case FULL -> {
              ChatException full = ChatException.rateLimited(
                  "more than " + limits.connectionsPerUser() + " connections", 5000);
              session.close(CloseCode.RATE_LIMITED, "too many connections");
              throw full;
            }
            case OK -> session.authenticated(who, connected.nowMs());
          }
          return register(session, connected);
        })
        .onSuccess(known -> session.closeAsOrdered(attempt.closedAtMs))
        .onComplete(done -> latest.remove(session, attempt));
  }

  /**
   * Ends those of the user's connections that are being made known, and turn out to be as old as the
   * order to. On the main loop, and ahead of looking who is in the directory: who is in neither place
   * then is younger.
   */
  public void closeThoseComing(String userId, long orderedAtMs) {
    for (Loop loop : loops.all()) {
      loop.run(() -> attempts.get(loop.index()).values().stream()
          .filter(attempt -> attempt.userId.equals(userId))
          .forEach(attempt -> attempt.closedAtMs = Math.max(attempt.closedAtMs, orderedAtMs)));
    }
  }

  /** On its session's loop. */
  private static final class Attempt {
    private final String userId;
    private long closedAtMs; // when the user's connections were to end; 0 where they weren't

    private Attempt(String userId) {
      this.userId = userId;
    }
  }

  private Future<UserStore.Connected> store(Session session, Principal who) {
    int loop = session.loop().index();
    return pacers[loop]
        .run(() -> lease
            .ready(session.loop())
            .compose(ready -> storeAs(lease.incarnation(), session, who)))
        .compose(stored -> {
          if (stored.incarnation().equals(lease.incarnation())) {
            return Future.succeededFuture(stored.connected());
          }
          return users
              .disconnect(session.loop().redis(), who.userId(), stored.member(), 0)
              .onFailure(unknown -> forget(session, who, stored.member()))
              .transform(gone -> store(session, who));
        });
  }

  /**
   * Takes out what was stored under an incarnation that this pod has given up, which may have been
   * swept before; not what it stores now.
   */
  private void forget(Session session, Principal who, String member) {
    takeOut(session, who.userId(), member, 0, () -> member.equals(lease.member(session)));
  }

  /** Takes a connection out of the store, as soon as that can be, unless it is to stay by then. */
  private void takeOut(
      Session session, String userId, String member, long expectedMs, BooleanSupplier stays) {
    Retry.untilDone(
        session.loop(),
        () -> stays.getAsBoolean()
            ? Future.succeededFuture()
            : users.disconnect(session.loop().redis(), userId, member, expectedMs));
  }

  /** Whether a try to authenticate has succeeded, be it a later one. */
  private static boolean isKnown(Session session) {
    return session.principal() != null && !session.isClosed();
  }

  private Future<Stored> storeAs(String incarnation, Session session, Principal who) {
    return indexers.get(session.loop().index()).add(who.userId()).compose(indexed -> {
      String member = lease.member(session);
      return users
          .connect(
              session.loop().redis(),
              who.userId(),
              member,
              podId,
              who.issuedAt().toEpochMilli(),
              limits.connectionsPerUser(),
              session.registeredAtMs())
          .onFailure(unknown -> {
            if (!incarnation.equals(lease.incarnation())) {
              forget(session, who, member);
            }
          })
          .map(connected -> new Stored(incarnation, member, connected));
    });
  }

  /**
   * @param incarnation that of this pod before the user was indexed: where it is the same still, both
   *     went under it
   */
  private record Stored(String incarnation, String member, UserStore.Connected connected) {}

  private Future<Void> register(Session session, UserStore.Connected connected) {
    Promise<Void> promise = Promise.promise();
    loops.main().run(() -> {
      session.user(directory.add(session, connected.connections(), connected.tickets()));
      usersHere.set(directory.size());
      session.loop().run(promise::complete);
    });
    return promise.future();
  }

  private void ended(Session session) {
    Principal who = session.principal();
    if (who != null) {
      loops.main().run(() -> {
        directory.remove(session);
        usersHere.set(directory.size());
      });
      disconnect(session, who.userId());
    }
  }

  private void disconnect(Session session, String userId) {
    long expectedMs = session.isExpectedBack() ? graceMs : 0;
    takeOut(session, userId, lease.member(session), expectedMs, () -> isKnown(session));
  }

  /**
   * That attempt may have been stored although no answer came. A later one has the same name in the
   * store, and must not be taken back with it.
   */
  private void takeBack(Session session, Attempt attempt, String userId) {
    Map<Session, Attempt> latest = attempts.get(session.loop().index());
    takeOut(session, userId, lease.member(session), 0, () -> {
      Attempt now = latest.get(session);
      boolean overtaken = now != null && now != attempt;
      return overtaken || isKnown(session);
    });
  }

  /** Stores all connections again, and closes those that were to be closed meanwhile. */
  public void storeAgain() {
    sessions.forEach(session -> {
      if (session.principal() != null) {
        // Its loop may reach the store later than the one that found the lease lost.
        Retry.untilDone(session.loop(), () -> storeAgain(session));
      }
    });
  }

  private Future<Void> storeAgain(Session session) {
    if (session.isClosed()) {
      return Future.succeededFuture();
    }
    return store(session, session.principal()).compose(connected -> {
      if (session.isClosed()) {
        disconnect(session, session.principal().userId());
      } else if (connected.admission() == UserStore.Admission.OK) {
        return register(session, connected);
      } else if (connected.admission() == UserStore.Admission.FULL) {
        // Under the lease before this one it may count a second time, until that is swept.
        return Future.failedFuture("too many connections");
      } else {
        session.close(CloseCode.UNAUTHENTICATED, "closed by the ticket system");
      }
      return Future.succeededFuture();
    });
  }
}
