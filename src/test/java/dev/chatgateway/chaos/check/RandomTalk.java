package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.check.SimulatedRoom.Client;
import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.RunHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Simulates a run of a gateway that does everything right, with clients that talk, mark, leave, drop
 * their connections and resume in an order that follows from the seed.
 */
final class RandomTalk {
  private static final int STEPS = 150;
  private static final List<String> TICKETS = List.of("101", "102");
  private static final Map<String, RunHeader.Admission> USERS = Map.of(
      "1", new RunHeader.Admission(false, TICKETS),
      "2", new RunHeader.Admission(true, List.of()),
      "3", new RunHeader.Admission(false, List.of("103")),
      "4", new RunHeader.Admission(false, TICKETS));

  private final SimulatedRun run = new SimulatedRun(false, USERS);
  private final Random random;
  private final List<Client> clients = new ArrayList<>();
  private int sent;

  private RandomTalk(long seed) {
    random = new Random(seed);
  }

  static List<Entry> of(long seed) {
    return new RandomTalk(seed).talk();
  }

  private List<Entry> talk() {
    Client outsider = new Client("outsider", "3");
    run.open(outsider, "pod-2");
    for (String user : List.of("1", "2", "4")) {
      Client client = new Client("worker-" + user, user);
      clients.add(client);
      comeBack(client);
    }
    for (int step = 0; step < STEPS; step++) {
      step(pick(clients), pick(TICKETS));
      run.pass(random.nextInt(30));
    }
    run.write(new Fault.Stop());
    clients.forEach(client -> TICKETS.forEach(ticket -> {
      run.send(client, ticket, "last-" + client.worker);
    }));
    TICKETS.forEach(run::read);
    List<Client> all = new ArrayList<>(clients);
    all.add(outsider);
    run.finish(all);
    return run.entries();
  }

  private void step(Client client, String ticket) {
    int dice = random.nextInt(100);
    if (dice < 60) {
      run.send(client, ticket, "message-" + ++sent);
    } else if (dice < 70) {
      run.publish(ticket, "key-" + ++sent, "2");
    } else if (dice < 80) {
      run.mark(client, ticket, random.nextBoolean() ? "read" : "delivered");
    } else if (dice < 90) {
      run.drop(client, true);
      run.sweep(client);
      comeBack(client);
    } else if (dice < 95) {
      run.leave(client, ticket);
      run.join(client, ticket);
    } else {
      run.join(client, ticket);
    }
  }

  private void comeBack(Client client) {
    run.open(client, "pod-" + (1 + random.nextInt(2)));
    TICKETS.forEach(ticket -> run.join(client, ticket));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
