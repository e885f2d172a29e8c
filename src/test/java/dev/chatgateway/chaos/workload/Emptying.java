package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.history.Result;
import io.vertx.core.Future;
import java.net.ConnectException;
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
  private List<Final.Remaining> last = List.of();

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

  /** Asks, and says who is shown as being there. */
  public List<String> remaining() {
    last = look();
    List<String> list = new ArrayList<>();
    for (Final.Remaining one : last) {
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
    last.forEach(one -> history.write("ticket-system", null, one));
  }

  private List<Final.Remaining> look() {
    List<Final.Remaining> all = new ArrayList<>();
    new TreeMap<>(gateway.names()).forEach((address, pod) -> {
      URI at = URI.create("http://" + address);
      if (runs(at)) {
        Map<String, List<String>> participants = new TreeMap<>();
        Map<String, Integer> connections = new TreeMap<>();
        stage.call(() -> ask(at, participants, connections));
        all.add(new Final.Remaining(pod, participants, connections));
      }
    });
    return all;
  }

  private boolean runs(URI pod) {
    try {
      stage.call(() -> ticketSystem.participants(pod, cast.tickets.get(0)));
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof ConnectException) {
        return false;
      }
      throw e;
    }
  }

  private Future<?> ask(
      URI pod, Map<String, List<String>> participants, Map<String, Integer> connections) {
    List<Future<?>> asked = new ArrayList<>();
    for (String ticket : cast.tickets) {
      asked.add(ticketSystem
          .participants(pod, ticket)
          .onSuccess(result -> participants.put(ticket, ((Result.Users) result).users())));
    }
    for (String user : cast.admissions().keySet()) {
      asked.add(ticketSystem
          .presence(pod, user)
          .onSuccess(result -> connections.put(user, ((Result.Presence) result).connections())));
    }
    return Future.all(asked);
  }
}
