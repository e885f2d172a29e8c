package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.check.SimulatedRoom.Client;
import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.RunHeader;
import java.util.List;
import java.util.Map;

/** What is said in the simulated runs. */
final class Conversation {
  private static final Map<String, RunHeader.Admission> USERS = Map.of(
      "1", new RunHeader.Admission(false, List.of("101", "102")),
      "2", new RunHeader.Admission(true, List.of()),
      "3", new RunHeader.Admission(false, List.of("103")),
      "4", new RunHeader.Admission(false, List.of("101")));

  Client ann;
  Client bob;
  Client outsider;
  Client dan;

  /** A whole run of a gateway that does everything right. */
  static List<Entry> right() {
    return new Conversation().whole();
  }

  private List<Entry> whole() {
    SimulatedRun run = talk(false);
    run.write(new Fault.Stop());
    run.send(ann, "101", "ann-late");
    run.send(bob, "101", "bob-late");
    run.send(bob, "102", "bob-late-too");
    run.mark(ann, "101", "read");
    run.pass(20_000);
    run.read("101");
    run.finish(List.of(ann, bob, outsider, dan));
    return run.entries();
  }

  /** Everybody talks; a pod is killed, and with it dan and ann lose their connections. */
  SimulatedRun talk(boolean mayLoseData) {
    SimulatedRun run = new SimulatedRun(mayLoseData, USERS);
    ann = new Client("ann", "1");
    bob = new Client("bob", "2");
    outsider = new Client("outsider", "3");
    dan = new Client("dan", "4");
    run.open(ann, "pod-1");
    run.open(bob, "pod-2");
    run.open(dan, "pod-1");
    run.open(outsider, "pod-2");
    for (Client client : List.of(ann, bob, dan)) {
      run.join(client, "101");
    }
    run.join(bob, "102");
    run.join(ann, "102");
    run.probe(outsider, Op.Join.anew("101"));
    for (int i = 0; i < 4; i++) {
      run.send(ann, "101", "ann-" + i);
      run.send(bob, "101", "bob-" + i);
      run.send(bob, "102", "bob-other-" + i);
      run.send(dan, "101", "dan-" + i);
      run.mark(bob, "101", i % 2 == 0 ? "delivered" : "read");
    }
    run.publish("101", "key-1", "2");
    run.mark(ann, "101", "delivered");
    run.typing(ann, "101", true);
    run.pass(9_900);
    run.showTyping(ann, "101", false);
    run.write(new Fault.Begins("kill", "pod-1", null));
    run.typing(dan, "101", true);
    run.drop(dan, false);
    run.sendWithoutAnswer(ann, "101", "ann-lost-answer");
    run.send(bob, "101", "bob-meanwhile");
    run.pass(1_000);
    run.open(ann, "pod-2");
    run.join(ann, "101");
    run.join(ann, "102");
    run.retry(ann, "101", "ann-lost-answer");
    run.pass(11_000);
    run.showTyping(dan, "101", false);
    run.sweep(dan);
    run.write(new Fault.Ends("kill", "pod-1"));
    return run;
  }
}
