package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.check.SimulatedRoom.Client;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.RunHeader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** A run in which Ann and Bob are in a room, each by another pod; what happens then, a test says. */
abstract class TwoInARoom {
  final Client ann = new Client("ann", "1");
  final Client bob = new Client("bob", "2");
  final SimulatedRun run = new SimulatedRun(
      false,
      Map.of(
          "1", new RunHeader.Admission(true, List.of()),
          "2", new RunHeader.Admission(true, List.of())));

  @BeforeEach
  void bothAreInTheRoom() {
    run.open(ann, "pod-1");
    run.open(bob, "pod-2");
    run.join(ann, "101");
    run.join(bob, "101");
  }

  /** Of the run so far, once all have come to rest. */
  final Verdict verdict() {
    run.write(new Fault.Stop());
    run.finish(List.of(ann, bob));
    return Checker.check(run.entries());
  }
}
