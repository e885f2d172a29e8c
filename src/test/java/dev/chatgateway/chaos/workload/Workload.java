package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Clients of both doors and the ticket system, all on one event loop, and at which rate they talk. */
public final class Workload implements AutoCloseable {
  private static final int TICK_MS = 20;
  private static final int LEAVE_MS = 3000;
  private static final int BIG = 16 << 20;
  private static final double BY_HTTP = 0.25;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final WebSocketClient sockets;
  private final WebSocketClient narrow;
  private final Random random;
  private final Cast cast;
  private final double perSecond;
  private final List<Worker> workers = new ArrayList<>();
  private TicketSystem ticketSystem;
  private double due;
  private boolean talking;

  /** A workload whose choices follow from the seed. */
  public Workload(long seed, double messagesPerSecond) {
    random = new Random(seed);
    cast = new Cast(random);
    perSecond = messagesPerSecond;
    sockets = vertx.createWebSocketClient(options());
    narrow = vertx.createWebSocketClient(options().setReceiveBufferSize(8 << 10));
  }

  private static WebSocketClientOptions options() {
    return new WebSocketClientOptions()
        .setMaxConnections(1000)
        .setMaxFrameSize(BIG)
        .setMaxMessageSize(BIG)
        .setClosingTimeout(1)
        .setConnectTimeout(3000);
  }

  public Map<String, RunHeader.Admission> users() {
    return cast.admissions();
  }

  /** Connects everybody, most of them through that balancer, and begins to talk. */
  public void begin(History history, URI balancer, List<URI> pods) {
    onLoop(() -> {
      ticketSystem = new TicketSystem(
          vertx, history.worker("ticket-system"), balancer, new Random(random.nextLong()));
      for (Persona who : cast.personas) {
        Worker worker = new Worker(
            vertx,
            who,
            history.worker(who.name()),
            (persona, listener) -> new SocketTransport(
                persona.direct() ? narrow : sockets,
                persona.direct() ? pick(pods) : balancer,
                persona.door(),
                listener),
            new Random(random.nextLong()));
        workers.add(worker);
        if (who.leaves()) {
          vertx.setTimer(LEAVE_MS + random.nextInt(LEAVE_MS), late -> worker.goForGood());
        }
        worker.connect();
      }
      talking = true;
      vertx.setPeriodic(TICK_MS, tick -> talk());
      vertx.setPeriodic(100, tick -> fidget());
      return null;
    });
  }

  // --- what goes on

  private void talk() {
    if (!talking) {
      return;
    }
    due = Math.min(due + perSecond * TICK_MS / 1000, perSecond / 4);
    while (due >= 1) {
      due--;
      if (random.nextDouble() < BY_HTTP) {
        if (ticketSystem.canPublish()) {
          ticketSystem.publish(pick(cast.tickets), pick(cast.personas).user());
        }
      } else {
        Worker worker = pick(workers);
        if (worker.canSay()) {
          worker.say();
        }
      }
    }
  }

  private void fidget() {
    if (!talking) {
      return;
    }
    look();
    for (Worker worker : workers) {
      int dice = random.nextInt(600);
      if (dice < 60) {
        worker.mark();
      } else if (dice < 70) {
        worker.type(dice < 65);
      } else if (dice < 80 && worker.who.roams()) {
        if (dice < 75) {
          worker.roam();
        } else {
          worker.sayAndDrop();
        }
      } else if (dice < 90) {
        worker.probe();
      }
    }
  }

  /** The ticket system looks at who is there and who types. */
  private void look() {
    String ticket = pick(cast.tickets);
    switch (random.nextInt(3)) {
      case 0 -> ticketSystem.participants(ticket);
      case 1 -> ticketSystem.typists(ticket);
      default -> ticketSystem.presence(pick(cast.personas).user());
    }
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  // --- what faults do to clients

  /** Everybody loses the connection at once. */
  public void dropAll() {
    onLoop(() -> {
      workers.forEach(Worker::drop);
      return null;
    });
  }

  /** Some send a message and lose the connection before they can have an answer. */
  public void sayAndDropSome() {
    onLoop(() -> {
      workers.stream().filter(worker -> random.nextInt(3) == 0).forEach(Worker::sayAndDrop);
      return null;
    });
  }

  /** Agents and watchers read and answer nothing, and send no FIN, until {@link #read}. */
  public void stallAgents() {
    onLoop(() -> {
      agents().forEach(Worker::stall);
      return null;
    });
  }

  /** Watchers stop reading, but for what they {@link #sip}, until {@link #read}. */
  public void stallWatchers() {
    onLoop(() -> {
      watchers().forEach(Worker::stall);
      return null;
    });
  }

  /** Watchers read a few frames. */
  public void sip() {
    onLoop(() -> {
      watchers().forEach(Worker::sip);
      return null;
    });
  }

  private List<Worker> watchers() {
    return workers.stream().filter(worker -> worker.who.direct()).toList();
  }

  /** All read again. */
  public void read() {
    onLoop(() -> {
      agents().forEach(Worker::read);
      return null;
    });
  }

  private List<Worker> present() {
    return workers.stream().filter(worker -> !worker.gone()).toList();
  }

  private List<Worker> agents() {
    return workers.stream().filter(worker -> worker.who.admin()).toList();
  }

  // --- the end

  /** Nothing new is said from now on; what was, is seen through. */
  public void fallSilent() {
    onLoop(() -> {
      talking = false;
      workers.forEach(worker -> worker.type(false));
      return null;
    });
  }

  /** One last message in each ticket, of which those who are not in it are notified. */
  public void publishLast() {
    onLoop(() -> {
      workers.forEach(Worker::lookBack);
      cast.tickets.forEach(
          ticket -> ticketSystem.publish(ticket, cast.personas.get(0).user()));
      return null;
    });
  }

  /** Who is not in all tickets or still has something to send. */
  public List<String> unsettled() {
    return onLoop(() -> {
      List<String> list = new ArrayList<>();
      workers.stream()
          .filter(worker -> !worker.gone() && !worker.settled())
          .forEach(one -> list.add(one.toString()));
      if (!ticketSystem.settled()) {
        list.add("the ticket system, with messages to send");
      }
      return list;
    });
  }

  /** What differs between the tickets' logs, by HTTP, and what workers have. */
  public List<String> disagreements() {
    Map<String, Final.Log> logs = new HashMap<>();
    cast.tickets.forEach(ticket -> logs.put(ticket, log(ticket)));
    return onLoop(() -> Agreement.differences(logs, present()));
  }

  /** Whose presence is not yet that of their connections. */
  public List<String> ghosts() {
    Map<String, Integer> expected = new HashMap<>();
    cast.personas.forEach(who -> expected.merge(who.user(), who.leaves() ? 0 : 1, Integer::sum));
    List<String> list = new ArrayList<>();
    expected.forEach((user, count) -> {
      Result.Presence presence = (Result.Presence) call(() -> ticketSystem.presence(user));
      if (presence.connections() != count) {
        list.add(user + " has " + presence.connections() + " connections rather than " + count);
      }
    });
    return list;
  }

  /** Writes down how things stand. */
  public void writeEnd(History history) {
    for (String ticket : cast.tickets) {
      history.write("ticket-system", null, log(ticket));
      Result.Users users = (Result.Users) call(() -> ticketSystem.participants(ticket));
      history.write("ticket-system", null, new Final.Participants(ticket, users.users()));
    }
    for (String user : users().keySet()) {
      Result.Presence presence = (Result.Presence) call(() -> ticketSystem.presence(user));
      history.write(
          "ticket-system",
          null,
          new Final.Presence(user, presence.connected(), presence.connections()));
    }
    onLoop(() -> {
      present().forEach(Worker::writeViews);
      present().forEach(Worker::writeUnread);
      return null;
    });
  }

  private Final.Log log(String ticket) {
    var messages = new ArrayList<dev.chatgateway.chaos.history.Message>();
    while (true) {
      long after = messages.isEmpty() ? 0 : messages.get(messages.size() - 1).seq();
      Result.Page page = (Result.Page) call(() -> ticketSystem.page(ticket, after));
      messages.addAll(page.messages());
      if (!page.more()) {
        return new Final.Log(ticket, page.epoch(), messages);
      }
    }
  }

  private <T> T call(Supplier<Future<T>> calling) {
    CompletableFuture<T> done = new CompletableFuture<>();
    vertx.runOnContext(here -> calling.get().onComplete(result -> {
      if (result.succeeded()) {
        done.complete(result.result());
      } else {
        done.completeExceptionally(result.cause());
      }
    }));
    return done.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private <T> T onLoop(Supplier<T> action) {
    return call(() -> Future.succeededFuture(action.get()));
  }

  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  /** How long it may take from the end of faults until all agree. */
  public static Duration bound() {
    return Duration.ofSeconds(30);
  }
}
