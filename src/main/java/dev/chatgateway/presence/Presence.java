package dev.chatgateway.presence;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Directory;
import dev.chatgateway.session.Endings;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Pacer;
import dev.chatgateway.session.Retries;
import dev.chatgateway.session.Retry;
import dev.chatgateway.session.Session;
import dev.chatgateway.session.Sessions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which users are connected, on this pod and in the store: makes connections known as somebody's,
 * takes them out when they end, and stores all of them again when they were lost.
 */
public final class Presence {
  // Crowds of connecting clients wait here rather than being refused by the bound on commands.
  private static final int AT_ONCE = 32;
  // Within which it is noticed that the store has gone back, and how far it has, mostly.
  private static final long UNINDEXED_NANOS = Duration.ofMinutes(1).toNanos();

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
  private final Attempts attempts;
  private final UserIndex userIndex;
  private final Retries<Connection> leaving = new Retries<>();
  private final Retries<Session> storing = new Retries<>();
  private final ArrayDeque<Unindexed> unindexed = new ArrayDeque<>();

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
    SweepTurns turns = new SweepTurns(podId, keys, config);
    this.sweeper = new Sweeper(loops.main(), turns, index, tickets, users, registry);
    Gauge.builder("chat.users", usersHere, AtomicInteger::get)
        .description("Users with a connection to this pod")
        .register(registry);
    this.pacers = loops.all().stream().map(loop -> new Pacer(AT_ONCE)).toArray(Pacer[]::new);
    this.userIndex = new UserIndex(loops, index, lease, directory, config.lease());
    this.attempts = new Attempts(loops);
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

  /**
   * That incarnation of this pod is to be swept. What the pod has taken out of it of late the store
   * may have again; the index must lead there. On the main loop.
   */
  public void givenUp(String incarnation) {
    forgetUnindexed();
    List<String> tickets =
        unindexed.stream().map(Unindexed::ticketId).distinct().toList();
    if (!tickets.isEmpty()) {
      Retry.untilDone(
          loops.main(), () -> index.addTickets(loops.main().redis(), incarnation, tickets));
    }
  }

  private void forgetUnindexed() {
    long now = System.nanoTime();
    while (!unindexed.isEmpty() && now - unindexed.peek().atNanos() > UNINDEXED_NANOS) {
      unindexed.poll();
    }
  }

  private record Unindexed(String ticketId, long atNanos) {}

  /** This pod has no more to do with those tickets. On the main loop. */
  public Future<Void> unindexTickets(Collection<String> tickets) {
    if (tickets.isEmpty()) {
      return Future.succeededFuture();
    }
    forgetUnindexed();
    tickets.forEach(ticket -> unindexed.add(new Unindexed(ticket, System.nanoTime())));
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
    Attempts.Attempt attempt = attempts.begin(session, who.userId());
    return store(session, who)
        .compose(connected -> {
          if (session.isClosed()) {
            takeOut(session, who.userId());
            return Future.failedFuture(ChatException.unavailable()); // nobody is there to hear
          }
          switch (connected.admission()) {
            case REVOKED ->
              throw new ChatException(ErrorCode.INVALID_TOKEN, "the token was revoked");
            case CLOSED -> throw Endings.byTicketSystem();
            case FULL -> throw Endings.userFull(limits.connectionsPerUser());
            case OK -> session.authenticated(who, connected.nowMs());
          }
          return register(session, connected);
        })
        .onSuccess(known -> {
          attempt.closeAsOrdered();
          if (attempt.isStoredAgain()) {
            storeAgainInTheEnd(session);
          }
        })
        .onComplete(done -> attempts.end(attempt));
  }

  /**
   * Ends those of the user's connections that are being made known, and turn out to be as old as the
   * order to. On the main loop, and ahead of looking who is in the directory: who is in neither place
   * then is younger.
   */
  public void closeThoseComing(String userId, long orderedAtMs) {
    attempts.close(userId, orderedAtMs);
  }

  private Future<UserStore.Connected> store(Session session, Principal who) {
    return pacers[session.loop().index()]
        .run(() -> lease.ready(session.loop()).compose(ready -> storeAs(session, who)))
        .compose(stored -> stored.incarnation().equals(lease.incarnation())
            ? Future.succeededFuture(stored.connected())
            : store(session, who)); // which takes out what was stored now
  }

  private Future<Stored> storeAs(Session session, Principal who) {
    String incarnation = lease.incarnation();
    return userIndex
        .add(session.loop(), who.userId())
        .compose(indexed -> users
            .connect(
                session.loop().redis(),
                who.userId(),
                lease.member(session),
                podId,
                who.issuedAt().toEpochMilli(),
                limits.connectionsPerUser(),
                session.registeredAtMs(),
                lease.formerMembers(session))
            .onFailure(unknown -> takeOut(session, who.userId()))
            .map(connected -> new Stored(incarnation, connected)));
  }

  /**
   * @param incarnation that of this pod before the user was indexed: where it is the same still, both
   *     went under it
   */
  private record Stored(String incarnation, UserStore.Connected connected) {}

  /**
   * Takes a connection, which has ended or may have been stored although no answer came, out of the
   * store as soon as that can be; unless it is that user's after all by then.
   */
  private void takeOut(Session session, String userId) {
    Set<String> members = new LinkedHashSet<>(); // the pod may begin anew between two tries
    long expectedMs = session.isExpectedBack() ? graceMs : 0;
    Connection connection = new Connection(session, userId);
    userIndex.leaving(userId, connection);
    leaving.untilDone(session.loop(), connection, () -> {
      if (!session.isClosed()) {
        if (session.principal() != null && session.principal().userId().equals(userId)) {
          userIndex.takenOut(userId, connection);
          return Future.succeededFuture();
        }
        if (attempts.isUnderWay(session, userId)) {
          return Future.failedFuture("another attempt is under way, under the same name");
        }
      }
      members.addAll(lease.allMembers(session));
      return users
          .disconnect(session.loop().redis(), userId, members, expectedMs)
          .onSuccess(done -> userIndex.takenOut(userId, connection));
    });
  }

  private record Connection(Session session, String userId) {}

  private Future<Void> register(Session session, UserStore.Connected connected) {
    Promise<Void> promise = Promise.promise();
    loops.main().run(() -> {
      session.user(directory.add(session, connected.connections(), connected.tickets()));
      userIndex.registered(session.principal().userId());
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
      takeOut(session, who.userId());
    }
  }

  /** Stores all connections again, and closes those that were to be closed meanwhile. */
  public void storeAgain() {
    sessions.forEach(session -> {
      if (session.principal() == null) {
        attempts.storeAgain(session);
      } else {
        // Its loop may reach the store later than the one that found the lease lost.
        storeAgainInTheEnd(session);
      }
    });
  }

  private void storeAgainInTheEnd(Session session) {
    storing.untilDone(session.loop(), session, () -> storeAgain(session));
  }

  private Future<Void> storeAgain(Session session) {
    if (session.isClosed()) {
      return Future.succeededFuture();
    }
    return store(session, session.principal()).compose(connected -> {
      if (session.isClosed()) {
        takeOut(session, session.principal().userId());
      } else if (connected.admission() == UserStore.Admission.OK) {
        return register(session, connected);
      } else if (connected.admission() == UserStore.Admission.FULL) {
        // Under the lease before this one it may count a second time, until that is swept.
        return Future.failedFuture("too many connections");
      } else {
        session.close(Endings.byTicketSystem());
      }
      return Future.succeededFuture();
    });
  }
}
