package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How things stand once nothing new is said: who has yet to come to rest, and what all have. */
public final class Aftermath {
  private final Stage stage;
  private final Cast cast;
  private final List<Worker> workers;
  private final TicketSystem ticketSystem;

  Aftermath(Stage stage, Cast cast, List<Worker> workers, TicketSystem ticketSystem) {
    this.stage = stage;
    this.cast = cast;
    this.workers = workers;
    this.ticketSystem = ticketSystem;
  }

  /** How long it may take from the end of faults until all agree. */
  public static Duration bound() {
    return Duration.ofSeconds(30);
  }

  /**
   * The shortest time for which one that was to go for good before the fault, or during it, has been
   * gone; zero while not all of them have.
   */
  public Duration missed() {
    return stage.look(() -> workers.stream()
        .filter(worker -> worker.who.leaves() == Persona.Leaves.BEFORE
            || worker.who.leaves() == Persona.Leaves.DURING)
        .map(worker -> worker.goneNanos() == 0
            ? Duration.ZERO
            : Duration.ofNanos(System.nanoTime() - worker.goneNanos()))
        .min(Duration::compareTo)
        .orElseThrow());
  }

  /** One last message in each ticket, of which those who are not in it are notified. */
  public void publishLast() {
    stage.look(() -> {
      workers.forEach(Worker::lookBack);
      cast.tickets.forEach(
          ticket -> ticketSystem.publish(ticket, cast.personas.get(0).user()));
      return null;
    });
  }

  /** Who is not in all tickets or still has something to send. */
  public List<String> unsettled() {
    return stage.look(() -> {
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
    return stage.look(() -> Agreement.differences(logs, present()));
  }

  /** Whose presence is not yet that of their connections, and which rooms show others than are there. */
  public List<String> ghosts() {
    Map<String, Integer> expected = new HashMap<>();
    cast.personas.forEach(who -> expected.merge(who.user(), who.stays() ? 1 : 0, Integer::sum));
    List<String> list = new ArrayList<>();
    expected.forEach((user, count) -> {
      Result.Presence presence = (Result.Presence) stage.call(() -> ticketSystem.presence(user));
      if (presence.connections() != count) {
        list.add(user + " has " + presence.connections() + " connections rather than " + count);
      }
    });
    for (String ticket : cast.tickets) {
      Result.Users users = (Result.Users) stage.call(() -> ticketSystem.participants(ticket));
      Set<String> there = stage.look(() -> there(ticket));
      if (!there.equals(Set.copyOf(users.users()))) {
        list.add(there + " are in ticket " + ticket + ", and shown are " + users.users());
      }
    }
    return list;
  }

  private Set<String> there(String ticket) {
    return present().stream()
        .filter(worker -> worker.places().containsKey(ticket))
        .filter(worker -> worker.places().get(ticket).seated())
        .map(worker -> worker.who.user())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Writes down how things stand. */
  public void writeEnd(History history) {
    for (String ticket : cast.tickets) {
      history.write("ticket-system", null, log(ticket));
      Result.Users users = (Result.Users) stage.call(() -> ticketSystem.participants(ticket));
      history.write("ticket-system", null, new Final.Participants(ticket, users.users()));
    }
    for (String user : cast.admissions().keySet()) {
      Result.Presence presence = (Result.Presence) stage.call(() -> ticketSystem.presence(user));
      history.write(
          "ticket-system",
          null,
          new Final.Presence(user, presence.connected(), presence.connections()));
    }
    stage.look(() -> {
      present().forEach(Worker::writeViews);
      present().forEach(Worker::writeUnread);
      return null;
    });
  }

  private Final.Log log(String ticket) {
    List<Message> messages = new ArrayList<>();
    while (true) {
      long after = messages.isEmpty() ? 0 : messages.get(messages.size() - 1).seq();
      Result.Page page = (Result.Page) stage.call(() -> ticketSystem.page(ticket, after));
      messages.addAll(page.messages());
      if (!page.more()) {
        return new Final.Log(ticket, page.epoch(), messages);
      }
    }
  }

  private List<Worker> present() {
    return workers.stream().filter(worker -> !worker.gone()).toList();
  }
}
