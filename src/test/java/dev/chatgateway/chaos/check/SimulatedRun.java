package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.check.SimulatedRoom.Client;
import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Writes the history of a gateway that does everything right, and of a store that may go back. */
final class SimulatedRun {
  private final RunHeader header;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, SimulatedRoom> rooms = new TreeMap<>();
  private long ns;
  private int conns;

  SimulatedRun(boolean mayLoseData, Map<String, RunHeader.Admission> users) {
    header = new RunHeader(
        "simulated",
        1,
        "kill",
        "unknown",
        mayLoseData,
        false,
        new RunHeader.Bounds(15_000, 10_000, 2_000, 10_000),
        users,
        Map.of());
    write(null, null, header);
  }

  List<Entry> entries() {
    return entries;
  }

  private long write(String worker, String conn, Fact fact) {
    ns += 1_000_000;
    long n = entries.size() + 1L;
    entries.add(new Entry(n, ns, ns / 1_000_000, worker, conn, fact));
    return n;
  }

  private SimulatedRoom room(String ticket) {
    return rooms.computeIfAbsent(ticket, SimulatedRoom::new);
  }

  void pass(long ms) {
    ns += ms * 1_000_000;
  }

  void write(Fault fault) {
    write(null, null, fault);
  }

  void told(Client client, Seen seen) {
    write(client.worker, client.conn, seen);
  }

  void open(Client client, String pod) {
    client.conn = client.worker + "-" + ++conns;
    client.pod = pod;
    write(client.worker, client.conn, new Link.Opened(client.user, "ws", pod));
    long of = ask(client, new Op.Authenticate());
    ok(client, of, new Result.Done());
  }

  /** The client sees the end of its connection; rooms are told when {@link #sweep} says so. */
  void drop(Client client, boolean byClient) {
    write(client.worker, client.conn, new Link.Closed(1006, byClient));
    client.conn = null;
  }

  void sweep(Client client) {
    rooms.forEach((ticket, room) -> {
      if (room.members.remove(client) && !room.holds(client.user)) {
        tell(
            room,
            ticket,
            any -> new Seen.UserLeft(ticket, client.user, room.users().size()));
      }
    });
  }

  void leave(Client client, String ticket) {
    long of = ask(client, new Op.Leave(ticket));
    room(ticket).members.remove(client);
    ok(client, of, new Result.Done());
    if (!room(ticket).holds(client.user)) {
      tell(
          room(ticket),
          ticket,
          any -> new Seen.UserLeft(ticket, client.user, room(ticket).users().size()));
    }
  }

  void join(Client client, String ticket) {
    SimulatedRoom room = room(ticket);
    long[] place = client.places.get(ticket);
    long of = ask(
        client,
        place == null
            ? Op.Join.anew(ticket)
            : new Op.Join(ticket, client.epochs.get(ticket), place[1]));
    if (!room.holds(client.user)) {
      tell(
          room,
          ticket,
          any -> new Seen.UserJoined(ticket, client.user, room.users().size() + 1));
    }
    room.members.remove(client);
    room.members.add(client);
    ok(client, of, snapshot(client, ticket));
  }

  private Result.Joined snapshot(Client client, String ticket) {
    SimulatedRoom room = room(ticket);
    long[] place = client.places.get(ticket);
    boolean recovered =
        place != null && room.epoch.equals(client.epochs.get(ticket)) && place[1] <= room.seq();
    long from = recovered ? place[1] : 0;
    client.places.put(ticket, new long[] {recovered ? place[0] : 1, room.seq()});
    client.epochs.put(ticket, room.epoch);
    return new Result.Joined(
        room.epoch,
        room.seq(),
        recovered,
        List.copyOf(room.log.subList((int) from, room.log.size())),
        room.users(),
        room.users().size(),
        List.copyOf(room.typing),
        Map.copyOf(room.read));
  }

  /** The store goes back to where it had that many messages, and everybody is told. */
  void goBack(String ticket, int messages, String epoch) {
    SimulatedRoom room = room(ticket);
    room.log.subList(messages, room.log.size()).clear();
    room.epoch = epoch;
    room.again = true;
    for (Client client : List.copyOf(room.members)) {
      write(client.worker, client.conn, new Seen.PushedJoin(ticket, snapshot(client, ticket)));
    }
  }

  private void tell(SimulatedRoom room, String ticket, Function<Client, Seen> what) {
    for (Client client : room.members) {
      if (client.conn != null) {
        Seen seen = what.apply(client);
        if (seen instanceof Seen.NewMessage message) {
          client.places.get(ticket)[1] = message.message().seq();
        }
        write(client.worker, client.conn, seen);
      }
    }
  }

  // --- what clients ask

  long ask(Client client, Op op) {
    return write(client.worker, client.conn, new Fact.Invoke(op));
  }

  void ok(Client client, long of, Result result) {
    write(client.worker, null, new Fact.Ok(of, result));
  }

  void probe(Client client, Op op) {
    write(client.worker, null, new Fact.Fail(ask(client, op), "forbidden"));
  }

  void send(Client client, String ticket, String key) {
    long of = ask(client, new Op.Send(ticket, key));
    ok(client, of, room(ticket).store(key, client.user));
    deliver(ticket);
  }

  /** Stored, but the sender's connection ends before the answer. */
  void sendWithoutAnswer(Client client, String ticket, String key) {
    long of = ask(client, new Op.Send(ticket, key));
    room(ticket).store(key, client.user);
    write(client.worker, null, new Fact.Unknown(of, "closed"));
    drop(client, false);
    deliver(ticket);
  }

  void retry(Client client, String ticket, String key) {
    long of = ask(client, new Op.Send(ticket, key));
    SimulatedRoom room = room(ticket);
    Message stored =
        room.log.stream().filter(it -> key.equals(it.client())).findFirst().orElseThrow();
    ok(client, of, new Result.Accepted(stored.id(), room.epoch, stored.seq(), true));
  }

  void publish(String ticket, String key, String user) {
    long of = write("ticket-system", null, new Fact.Invoke(new Op.Publish(ticket, key, user)));
    write("ticket-system", null, new Fact.Ok(of, room(ticket).store(null, user)));
    deliver(ticket);
  }

  private void deliver(String ticket) {
    SimulatedRoom room = room(ticket);
    Message message = room.log.get(room.log.size() - 1);
    tell(room, ticket, any -> new Seen.NewMessage(ticket, room.epoch, message));
  }

  void mark(Client client, String ticket, String status) {
    SimulatedRoom room = room(ticket);
    long upTo = client.places.get(ticket)[1];
    long of = ask(client, new Op.Mark(ticket, status, null, upTo, room.epoch));
    List<String> moved = room.mark(client.user, upTo, status);
    ok(client, of, new Result.Marked(moved));
    moved.forEach(
        id -> tell(room, ticket, any -> new Seen.StatusUpdate(ticket, id, status, client.user)));
  }

  void typing(Client client, String ticket, boolean on) {
    ask(client, new Op.Typing(ticket, on));
    showTyping(client, ticket, on);
  }

  /** The room is told; {@link #typing} does it by itself. */
  void showTyping(Client client, String ticket, boolean on) {
    SimulatedRoom room = room(ticket);
    boolean changed = on ? room.typing.add(client.user) : room.typing.remove(client.user);
    if (changed) {
      tellOthers(room, ticket, client, new Seen.UserTyping(ticket, client.user, on, 10_000));
    }
  }

  private void tellOthers(SimulatedRoom room, String ticket, Client client, Seen seen) {
    Consumer<Client> write = other -> write(other.worker, other.conn, seen);
    room.members.stream()
        .filter(other -> other.conn != null && !other.user.equals(client.user))
        .forEach(write);
  }

  // --- the end

  void read(String ticket) {
    long of = write("ticket-system", null, new Fact.Invoke(new Op.ReadParticipants(ticket)));
    write(
        "ticket-system",
        null,
        new Fact.Ok(
            of, new Result.Users(room(ticket).users(), room(ticket).users().size())));
    of = write("ticket-system", null, new Fact.Invoke(new Op.ReadLog(ticket, null, null)));
    write(
        "ticket-system",
        null,
        new Fact.Ok(of, new Result.Page(room(ticket).epoch, List.copyOf(room(ticket).log), false)));
  }

  void finish(List<Client> clients) {
    rooms.forEach((ticket, room) -> {
      write(null, null, new Final.Log(ticket, room.epoch, List.copyOf(room.log)));
      write(null, null, new Final.Participants(ticket, room.users()));
      for (Client client : room.members) {
        int from = (int) client.places.get(ticket)[0] - 1;
        write(
            client.worker,
            null,
            new Final.View(
                ticket, room.epoch, List.copyOf(room.log.subList(from, room.log.size()))));
      }
      for (String user : room.users()) {
        write(null, null, new Final.Unread(ticket, user, room.seq(), room.unread(user)));
      }
    });
    clients.stream().map(client -> client.user).distinct().forEach(user -> {
      int open = (int) clients.stream()
          .filter(client -> client.user.equals(user) && client.conn != null)
          .count();
      write(null, null, new Final.Presence(user, open > 0, open));
    });
    empty(clients);
  }

  /** All go, and both pods are asked who is there. */
  private void empty(List<Client> clients) {
    clients.stream().filter(client -> client.conn != null).forEach(client -> drop(client, true));
    rooms.values().forEach(room -> room.members.clear());
    Map<String, List<String>> participants = new TreeMap<>();
    Map<String, Integer> connections = new TreeMap<>();
    rooms.keySet().forEach(ticket -> participants.put(ticket, List.of()));
    header.users().keySet().forEach(user -> connections.put(user, 0));
    write(null, null, new Final.Remaining("pod-1", participants, connections));
    write(null, null, new Final.Remaining("pod-2", participants, connections));
  }
}
