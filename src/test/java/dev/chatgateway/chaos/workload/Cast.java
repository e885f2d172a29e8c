package dev.chatgateway.chaos.workload;

import static dev.chatgateway.chaos.workload.Persona.Leaves.AFTER;
import static dev.chatgateway.chaos.workload.Persona.Leaves.BEFORE;
import static dev.chatgateway.chaos.workload.Persona.Leaves.DURING;
import static dev.chatgateway.chaos.workload.Persona.Leaves.NEVER;

import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.workload.Persona.Leaves;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Who takes part: two customers per ticket, one of them often with two devices, and agents who have
 * some tickets each, by both doors, some polling. Watchers are in all tickets, leavers go for good,
 * each door's before, during and after the fault. Some roam, some try what they may not.
 */
final class Cast {
  private static final int TICKETS = 18;
  private static final int AGENTS = 9;
  private static final int WATCHERS = 2;
  private static final List<Leaves> LEAVES = List.of(BEFORE, DURING, AFTER);
  private static final int LEAVERS = LEAVES.size() * Door.values().length;
  private static final int TICKETS_PER_AGENT = 4;
  private static final int FIRST_TICKET = 101;

  final List<String> tickets = IntStream.range(0, TICKETS)
      .mapToObj(i -> Integer.toString(FIRST_TICKET + i))
      .toList();
  final List<Persona> personas = new ArrayList<>();
  private final Random random;

  Cast(Random random) {
    this.random = random;
    for (int i = 0; i < TICKETS; i++) {
      List<String> own = List.of(tickets.get(i));
      String other = tickets.get((i + 1) % TICKETS);
      customer("c" + i, own, i % 6 == 0, i % 5 == 0 ? other : null);
      customer("d" + i, own, false, null);
      if (i % 2 == 0) {
        add("c" + i + "x", "c" + i, false, own, false, null);
      }
    }
    for (int i = 0; i < AGENTS; i++) {
      List<String> some = new ArrayList<>();
      for (int k = 0; k < TICKETS_PER_AGENT; k++) {
        some.add(tickets.get((i * 2 + k * 5) % TICKETS));
      }
      add("a" + i, "a" + i, true, some.stream().distinct().toList(), i == 0, null);
    }
    for (int i = 0; i < LEAVERS; i++) {
      Door door = Door.values()[i % Door.values().length];
      Leaves leaves = LEAVES.get(i / Door.values().length);
      List<String> own = List.of(tickets.get(i));
      personas.add(new Persona("l" + i, "l" + i, false, own, door, false, leaves, false, null));
    }
    for (int i = 0; i < WATCHERS; i++) {
      Door door = i % 2 == 0 ? Door.PLAIN : Door.SOCKET_IO;
      personas.add(new Persona("w" + i, "w" + i, true, tickets, door, false, NEVER, true, null));
    }
  }

  private void customer(String user, List<String> own, boolean roams, String probes) {
    add(user, user, false, own, roams, probes);
  }

  private void add(
      String name, String user, boolean admin, List<String> own, boolean roams, String probes) {
    int dice = random.nextInt(10);
    Door door = dice < 5 ? Door.PLAIN : dice < 8 ? Door.SOCKET_IO : Door.POLLING;
    personas.add(new Persona(name, user, admin, own, door, roams, NEVER, false, probes));
  }

  Map<String, RunHeader.Admission> admissions() {
    Map<String, RunHeader.Admission> all = new LinkedHashMap<>();
    personas.forEach(persona -> all.put(persona.user(), persona.admission()));
    return all;
  }
}
