package dev.chatgateway;

import dev.chatgateway.auth.TicketAccess;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.ops.Drain;
import dev.chatgateway.ops.PodMetrics;
import dev.chatgateway.ops.Relocation;
import dev.chatgateway.ops.StoreHealth;
import dev.chatgateway.presence.AdminEvents;
import dev.chatgateway.presence.Authentication;
import dev.chatgateway.presence.Lease;
import dev.chatgateway.presence.PodAddresses;
import dev.chatgateway.presence.PodJudge;
import dev.chatgateway.presence.PodReports;
import dev.chatgateway.presence.Presence;
import dev.chatgateway.presence.UserMessageRate;
import dev.chatgateway.presence.UserStore;
import dev.chatgateway.presence.Witness;
import dev.chatgateway.protocol.ClientEvent;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.ServerEvents;
import dev.chatgateway.redis.Epochs;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.RedisLinks;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.redis.UserScripts;
import dev.chatgateway.relay.PodMessages;
import dev.chatgateway.relay.Relay;
import dev.chatgateway.session.Admissions;
import dev.chatgateway.session.Directory;
import dev.chatgateway.session.Door;
import dev.chatgateway.session.Inbound;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Outbound;
import dev.chatgateway.session.Retries;
import dev.chatgateway.session.Retry;
import dev.chatgateway.session.Session;
import dev.chatgateway.session.SessionMetrics;
import dev.chatgateway.session.Sessions;
import dev.chatgateway.ticket.Departures;
import dev.chatgateway.ticket.History;
import dev.chatgateway.ticket.Marks;
import dev.chatgateway.ticket.Messages;
import dev.chatgateway.ticket.Notifications;
import dev.chatgateway.ticket.RoomRenderers;
import dev.chatgateway.ticket.Rooms;
import dev.chatgateway.ticket.TicketSystem;
import dev.chatgateway.tracing.Tracing;
import dev.chatgateway.typing.Typing;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;

/**
 * One pod, put together: everything the gateway is, but for its doors. Plain, so that a test can
 * have two of them in one process.
 */
public final class Pod {
  private final String id = Lease.newId();
  private final Loops loops;
  private final Lease lease;
  private final Sessions sessions;
  private final Inbound inbound;
  private final Authentication authentication;
  private final Relay relay;
  private final UserStore users;
  private final AdminEvents adminEvents;
  private final Messages messages;
  private final History history;
  private final Marks marks;
  private final Typing typing;
  private final TicketSystem tickets;
  private final StoreHealth health;
  private final PodAddresses addresses;
  private final PodJudge judge;
  private final PodReports reports;
  private final Drain drain;
  private final Admissions admissions;
  private final Relocation relocation;
  private final Retries<Follow> follows = new Retries<>();

  public Pod(
      Vertx vertx,
      RedisLinks redis,
      PodConfig config,
      TokenVerifier verifier,
      TicketAccess access,
      MeterRegistry registry,
      Tracing tracing) {
    Keys keys = redis.keys();
    loops = Loops.of(vertx, redis);
    Loop main = loops.main();
    Epochs epochs = new Epochs();
    TicketScripts ticketScripts =
        new TicketScripts(keys, epochs, config.ticket().lifetime());
    users = new UserStore(new UserScripts(keys, config.presence().lifetime()), config.presence());
    adminEvents = new AdminEvents(keys);
    sessions = new Sessions(id, loops, config.limits(), new SessionMetrics(registry));
    addresses = new PodAddresses(id, main, keys, config.presence(), config.peers(), this::nowMs);
    Loop apart = Loops.apart(vertx, redis, "chat-lease");
    judge = new PodJudge(id, vertx, apart, keys, config.presence(), config.peers(), addresses);
    lease = new Lease(main, apart, keys, config.presence(), addresses, judge);
    Directory directory = new Directory();
    Presence presence = new Presence(
        id,
        loops,
        lease,
        keys,
        users,
        ticketScripts,
        directory,
        sessions,
        config.limits(),
        config.presence(),
        registry);
    relay = new Relay(loops, keys, epochs, config.relay(), registry, tracing);
    Departures departures =
        new Departures(ticketScripts, lease, config.presence().grace(), registry);
    // Half of the queue is for what happens meanwhile.
    int pageBytes = Math.toIntExact(Math.min(
        config.ticket().pageBytes().asLongValue(),
        config.limits().outboundQueue().asLongValue() / 2));
    Rooms rooms = new Rooms(
        loops,
        ticketScripts,
        relay,
        access,
        config.ticket(),
        config.limits(),
        pageBytes,
        sessions,
        lease,
        departures,
        this::follow,
        registry);
    typing = new Typing(ticketScripts, config.typing(), rooms::requireSeat, rooms::asMember, lease);
    messages = new Messages(
        ticketScripts,
        keys,
        rooms,
        config.ticket(),
        config.limits(),
        new UserMessageRate(users, config.limits().userMessages())::spend,
        typing::ended,
        registry,
        tracing);
    history = new History(ticketScripts, rooms, config.ticket().page(), pageBytes);
    marks = new Marks(ticketScripts, rooms);
    tickets = new TicketSystem(
        ticketScripts,
        keys,
        rooms,
        (userId, ticketId) -> users.unfollow(loops.current().redis(), userId, ticketId));
    authentication = new Authentication(verifier, presence, rooms::tokenChanged);
    inbound = new Inbound(config.limits(), pageBytes);
    register(rooms);

    PodMessages podMessages = new PodMessages();
    new RoomRenderers(relay, rooms).register();
    typing.register(relay);
    new Notifications(loops, directory, access, marks).register(podMessages);
    new UserMessages(directory, presence).register(podMessages);
    relay.otherChannels(podMessages::received);
    relay.index(
        presence::indexTickets,
        tickets -> presence.unindexTickets(departures.withoutKept(tickets)));
    departures.onKeptNoMore(ticketId -> main.run(() -> {
      if (!relay.hears(ticketId)) {
        presence.unindexTickets(List.of(ticketId));
      }
    }));
    reports = new PodReports(main, keys, lease, config.presence());
    health = new StoreHealth(loops, keys, relay, lease, sessions);
    drain = new Drain(loops, sessions, lease, config.drain());
    admissions = new Admissions(config.admission(), drain::isRefusing, System::nanoTime, registry);
    relocation = new Relocation(config.rebalance(), sessions, lease, drain::isDraining, registry);
    relocation.start(main);
    PodMetrics.register(registry, loops, health, drain, config.limits());

    Runnable storeAgain = () -> {
      Retry.untilDone(main, () -> presence.indexTickets(relay.tickets()));
      presence.storeAgain();
      relay.reseatAll();
    };
    lease.listen(
        () -> {
          storeAgain.run();
          relay.checkAll();
        },
        presence::sweep,
        presence::givenUp);
    // What is in use outlasts the lifetimes it is stored with, also where they are as short.
    long lifetimeMs = Math.min(
        config.ticket().lifetime().toMillis(), config.presence().lifetime().toMillis());
    main.every(Math.min(config.presence().renewal().toMillis(), lifetimeMs / 2), storeAgain);
    relay.onUp(presence::storeAgain);
    relay.start(redis.pubSub(
        main.context(), main.redis(), keys.podChannel(id), List.of(keys.allPodsChannel()), relay));
    lease.start();
    new Witness(id, loops, keys, config.presence(), epochs).start(lease);
    health.start();
  }

  private void register(Rooms rooms) {
    inbound.register(ClientEvent.CHAT_AUTHENTICATE, authentication);
    inbound.register(ClientEvent.JOIN_TICKET_CHAT, rooms::join);
    inbound.register(ClientEvent.LEAVE_TICKET_CHAT, rooms::leave);
    inbound.register(ClientEvent.SEND_MESSAGE, messages::send);
    inbound.register(ClientEvent.TYPING_START, typing::start);
    inbound.register(ClientEvent.TYPING_STOP, typing::stop);
    inbound.register(ClientEvent.MARK_MESSAGES_DELIVERED, marks::markDelivered);
    inbound.register(ClientEvent.MARK_MESSAGES_READ, marks::markRead);
    inbound.register(ClientEvent.GET_MESSAGE_STATUS, marks::statuses);
    inbound.register(ClientEvent.GET_TYPING_USERS, typing::users);
    inbound.register(ClientEvent.GET_PARTICIPANTS, tickets::participants);
    inbound.register(ClientEvent.GET_MESSAGES, history::page);
  }

  private record Follow(String userId, String ticketId) {}

  private void follow(Session session, String ticketId) {
    if (session.user() == null || !session.user().follows(ticketId)) {
      String userId = session.principal().userId();
      follows.untilDone(
          session.loop(),
          new Follow(userId, ticketId),
          () -> users.follow(session.loop().redis(), userId, ticketId));
    }
  }

  /** The doors are open. May be called from anywhere. */
  public void serving() {
    relocation.serving();
  }

  /** A client has connected. On its loop. */
  public Session open(EventLoop executor, Outbound out) {
    Session session = sessions.open(loops.of(executor), out);
    session.send(ServerEvents.connected(session.id(), lease.nowMs()));
    if (sessions.isDegraded()) {
      session.send(ServerEvents.health(true, health.reason()));
    }
    return session;
  }

  /** A client brought its token along with the handshake. On its loop. */
  public void authenticate(Session session, String token) {
    inbound.run(
        session,
        () -> authentication.authenticate(session, token),
        data -> session.send(new ServerEvent("chat_authenticated", data)),
        problem -> {
          session.send(ServerEvents.error(problem, "chat_authenticate", null));
          if (problem.closeCode() != null) {
            session.close(problem.closeCode(), problem.closeReason());
          } else if (!problem.code().retry()) {
            session.close(CloseCode.UNAUTHENTICATED, "token refused");
          }
        });
  }

  /** The pod's id, which its connections' ids begin with. */
  public String id() {
    return id;
  }

  /** Whether the pod stops, and is to be sent no more connections. */
  public boolean isDraining() {
    return drain.isDraining();
  }

  /** Whether new connections may come. */
  public Admissions admissions() {
    return admissions;
  }

  /** Whether the pod stops, and takes no more connections. */
  public boolean isRefusing() {
    return drain.isRefusing();
  }

  /** A door that has more to do than others when the pod stops. */
  public void add(Door door) {
    drain.add(door);
  }

  /** Asks a client to go, whose way to this pod ends with another that stops. On its loop. */
  public void sendAway(Session session) {
    drain.farewell().to(session);
  }

  public Loops loops() {
    return loops;
  }

  public Inbound inbound() {
    return inbound;
  }

  public Sessions sessions() {
    return sessions;
  }

  public UserStore users() {
    return users;
  }

  public AdminEvents adminEvents() {
    return adminEvents;
  }

  public Messages messages() {
    return messages;
  }

  public History history() {
    return history;
  }

  public Marks marks() {
    return marks;
  }

  public Typing typing() {
    return typing;
  }

  public TicketSystem tickets() {
    return tickets;
  }

  public StoreHealth health() {
    return health;
  }

  /** Where the pods that are alive can be reached. */
  public PodAddresses addresses() {
    return addresses;
  }

  /** What the pods that are alive say of themselves. */
  public PodReports reports() {
    return reports;
  }

  /** Trusts the certificates that this server trusts, when it asks other pods by TLS. */
  public void trustPeersOf(HttpServerOptions own) {
    judge.trust(own);
  }

  /** Whether this pod goes by that incarnation, see {@link Lease}. */
  public boolean goesBy(String incarnation) {
    return lease.goesBy(incarnation);
  }

  /** Redis's time, in ms since 1970, as well as this pod can tell. */
  public long nowMs() {
    return lease.nowMs();
  }

  public Drain drain() {
    return drain;
  }
}
