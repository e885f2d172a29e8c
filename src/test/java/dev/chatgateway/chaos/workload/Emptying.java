package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.history.Result;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/** Everybody goes, and each pod that runs is asked who is still there. */
public final class Emptying {
  private final Stage stage;
  private final Cast cast;
  private final List<Worker> workers;
  private final TicketSystem ticketSystem;
  private final Gateway gateway;
  /** What each pod said last, by its name; of those that answered everything. */
  private final Map<String, Final.Remaining> last = new TreeMap<>();

  Emptying(
      Stage stage, Cast cast, List<Worker> workers, TicketSystem ticketSystem, Gateway gateway) {
    this.stage = stage;
    this.cast = cast;
    this.workers = workers;
    this.ticketSystem = ticketSystem;
    this.gateway = gateway;
  }

  /** All clients end their connections, and do not come back. */
  public void begin() {
    stage.look(() -> {
      workers.forEach(worker -> worker.connection.endForGood());
      return null;
    });
  }

  /** Asks each pod that runs, and returns who did not answer everything, and why. */
  public List<String> silent() {
    List<String> silent = new ArrayList<>();
    last.clear();
    gateway.running().get().forEach((address, pod) -> {
      try {
        last.put(pod, ask(pod, URI.create("http://" + address)));
      } catch (CompletionException e) {
        silent.add(pod + ": " + e.getCause());
      }
    });
    if (silent.isEmpty() && last.isEmpty()) {
      silent.add("no pod runs");
    }
    return silent;
  }

  /** Asks, and returns who is shown as being there, and which pods did not say. */
  public List<String> remaining() {
    List<String> list = silent();
    for (Final.Remaining one : last.values()) {
      one.participants().forEach((ticket, users) -> {
        if (!users.isEmpty()) {
          list.add(users + " in ticket " + ticket + " by " + one.pod());
        }
      });
      one.connections().forEach((user, count) -> {
        if (count > 0) {
          list.add(user + " with " + count + " connections by " + one.pod());
        }
      });
    }
    return list;
  }

  /** Writes down what they said last. */
  public void write(History history) {
    last.values().forEach(one -> history.write("ticket-system", null, one));
  }

  private Final.Remaining ask(String pod, URI at) {
    Map<String, List<String>> participants = new TreeMap<>();
    Map<String, Integer> connections = new TreeMap<>();
    stage.call(() -> {
      List<Future<?>> asked = new ArrayList<>();
      for (String ticket : cast.tickets) {
        asked.add(ticketSystem
            .participants(at, ticket)
            .onSuccess(result -> participants.put(ticket, ((Result.Users) result).users())));
      }
      for (String user : cast.admissions().keySet()) {
        asked.add(ticketSystem
            .presence(at, user)
            .onSuccess(result -> connections.put(user, ((Result.Presence) result).connections())));
      }
      return Future.all(asked);
    });
    return new Final.Remaining(pod, participants, connections);
  }
}
