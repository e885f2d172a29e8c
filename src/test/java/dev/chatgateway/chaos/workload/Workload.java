package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.history.RunHeader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Clients of both doors and the ticket system, all on one event loop, and at which rate they talk. */
public final class Workload implements AutoCloseable {
  private static final int TICK_MS = 20;
  private static final int FIDGET_MS = 100;
  private static final int SOON_MS = 5000;
  private static final double BY_HTTP = 0.25;

  private final Stage stage = new Stage();
  private final Random random;
  private final Random departures;
  private final Cast cast;
  private final double perSecond;
  private final List<Worker> workers = new ArrayList<>();
  private TicketSystem ticketSystem;
  private Gateway gateway;
  private double due;
  private boolean talking;
  private boolean hungUp;

  /** A workload whose choices follow from the seed. */
  public Workload(long seed, double messagesPerSecond) {
    random = new Random(seed);
    cast = new Cast(random);
    departures = new Random(random.nextLong());
    perSecond = messagesPerSecond;
  }

  public Map<String, RunHeader.Admission> users() {
    return cast.admissions();
  }

  /** Who has little room for what they have not read, with commas. */
  public String narrow() {
    return cast.personas.stream()
        .filter(Persona::direct)
        .map(Persona::user)
        .collect(Collectors.joining(","));
  }

  /** Those that are talked about. */
  public List<String> tickets() {
    return cast.tickets;
  }

  /** Connects everybody, most of them through the balancer, and begins to talk. */
  public void begin(History history, Gateway to) {
    gateway = to;
    Vertx vertx = stage.vertx;
    onLoop(() -> {
      ticketSystem = new TicketSystem(
          vertx,
          history.worker("ticket-system"),
          gateway.balancer(),
          new Random(random.nextLong()));
      Opener opener = new Opener(vertx, gateway, new Random(random.nextLong()));
      for (Persona who : cast.personas) {
        workers.add(new Worker(
            vertx, who, history.worker(who.name()), opener, new Random(random.nextLong())));
      }
      workers.forEach(worker -> worker.connection.connect());
      talking = true;
      vertx.setPeriodic(TICK_MS, tick -> talk());
      vertx.setPeriodic(FIDGET_MS, tick -> fidget());
    });
  }

  /** How it stands once the workload has fallen silent. */
  public Aftermath aftermath() {
    return new Aftermath(stage, cast, workers, ticketSystem);
  }

  /** How it stands once everybody has gone, too. */
  public Emptying emptying() {
    return new Emptying(stage, cast, workers, ticketSystem, gateway);
  }

  // --- what goes on

  private void talk() {
    if (!talking) {
      return;
    }
    due = Math.min(due + perSecond * TICK_MS / 1000, perSecond / 4);
    while (due >= 1) {
      due--;
      if (hungUp || random.nextDouble() < BY_HTTP) {
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
      if (worker.who.silent()) {
        continue;
      }
      if (dice < 60) {
        worker.mark();
      } else if (dice < 70) {
        worker.type(dice < 65);
      } else if (dice < 80 && worker.who.roams()) {
        if (dice < 75) {
          worker.connection.roam();
        } else {
          worker.sayAndDrop();
        }
      } else if (dice < 90) {
        worker.probe();
      } else if (dice < 92) {
        worker.stepOut();
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

  /** The fault begins: some go for good soon, whether they are connected by then or not. */
  public void faultBegins() {
    leave(Persona.Leaves.DURING, SOON_MS);
  }

  /** The fault is over: others go for good, some of them at once. */
  public void faultEnds() {
    leave(Persona.Leaves.AFTER, SOON_MS / 2);
  }

  private void leave(Persona.Leaves when, int withinMs) {
    onLoop(() -> workers.stream()
        .filter(worker -> worker.who.leaves() == when)
        .forEach(worker -> worker.leaveIn(departures.nextInt(withinMs))));
  }

  /** Everybody loses the connection at once. */
  public void dropAll() {
    onLoop(() -> workers.forEach(worker -> worker.connection.drop()));
  }

  /** Nobody is connected from now on, and only the ticket system talks, until {@link #comeBack}. */
  public void hangUp() {
    onLoop(() -> {
      hungUp = true;
      workers.forEach(worker -> worker.connection.hangUp());
    });
  }

  public void comeBack() {
    onLoop(() -> {
      hungUp = false;
      workers.forEach(worker -> worker.connection.comeBack());
    });
  }

  /** Some send a message and lose the connection before they can have an answer. */
  public void sayAndDropSome() {
    onLoop(() ->
        workers.stream().filter(worker -> random.nextInt(3) == 0).forEach(Worker::sayAndDrop));
  }

  /** Agents and watchers read and answer nothing, and send no FIN, until {@link #read}. */
  public void stallAgents() {
    onLoop(() -> agents().forEach(worker -> worker.connection.stall()));
  }

  /** Watchers stop reading, but for what they {@link #sip}, until {@link #read}. */
  public void stallWatchers() {
    onLoop(() -> watchers().forEach(worker -> worker.connection.stall()));
  }

  /** Watchers read a few frames. */
  public void sip() {
    onLoop(() -> watchers().forEach(worker -> worker.connection.sip()));
  }

  private List<Worker> watchers() {
    return workers.stream().filter(worker -> worker.who.direct()).toList();
  }

  /** All read again. */
  public void read() {
    onLoop(() -> agents().forEach(worker -> worker.connection.read()));
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
    });
  }

  private void onLoop(Runnable action) {
    stage.call(() -> {
      action.run();
      return Future.succeededFuture();
    });
  }

  @Override
  public void close() {
    stage.close();
  }
}
