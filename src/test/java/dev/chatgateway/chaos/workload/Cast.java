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
 * some tickets each, by both doors, some polling, and look into others for a while. Watchers are in all
 * tickets; leavers go for good, each door's before, during and after the fault; of each door, some are
 * only there, and say nothing. Some roam, some try what they may not.
 */
final class Cast {
  private static final int TICKETS = 18;
  private static final int AGENTS = 9;
  private static final int WATCHERS = 2;
  private static final List<Leaves> LEAVES = List.of(BEFORE, DURING, AFTER);
  private static final int LEAVERS = LEAVES.size() * Door.values().length;
  private static final int SILENT = 2 * Door.values().length;
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
        add("c" + i + "x", "c" + i, own, false, null);
      }
    }
    for (int i = 0; i < AGENTS; i++) {
      int agent = i;
      List<String> some = IntStream.range(0, TICKETS_PER_AGENT)
          .mapToObj(k -> tickets.get((agent * 2 + k * 5) % TICKETS))
          .distinct()
          .toList();
      List<String> visits = IntStream.of(1, 8)
          .map(k -> (agent * 2 + k) % TICKETS)
          .mapToObj(tickets::get)
          .filter(ticket -> !some.contains(ticket))
          .toList();
      personas.add(new Persona(
          "a" + i, "a" + i, true, some, anyDoor(), i == 0, NEVER, false, false, visits, null));
    }
    for (int i = 0; i < LEAVERS; i++) {
      Leaves leaves = LEAVES.get(i / Door.values().length);
      quiet("l" + i, tickets.get(i), door(i), leaves, false);
    }
    for (int i = 0; i < SILENT; i++) {
      quiet("s" + i, tickets.get(TICKETS - 1 - i), door(i), NEVER, true);
    }
    for (int i = 0; i < WATCHERS; i++) {
      Door door = i % 2 == 0 ? Door.PLAIN : Door.SOCKET_IO;
      personas.add(new Persona(
          "w" + i, "w" + i, true, tickets, door, false, NEVER, true, false, List.of(), null));
    }
  }

  private void customer(String user, List<String> own, boolean roams, String probes) {
    add(user, user, own, roams, probes);
  }

  private void quiet(String user, String ticket, Door door, Leaves leaves, boolean silent) {
    personas.add(new Persona(
        user, user, false, List.of(ticket), door, false, leaves, false, silent, List.of(), null));
  }

  private static Door door(int i) {
    return Door.values()[i % Door.values().length];
  }

  private Door anyDoor() {
    int dice = random.nextInt(10);
    return dice < 5 ? Door.PLAIN : dice < 8 ? Door.SOCKET_IO : Door.POLLING;
  }

  private void add(String name, String user, List<String> own, boolean roams, String probes) {
    personas.add(new Persona(
        name, user, false, own, anyDoor(), roams, NEVER, false, false, List.of(), probes));
  }

  Map<String, RunHeader.Admission> admissions() {
    Map<String, RunHeader.Admission> all = new LinkedHashMap<>();
    personas.forEach(persona -> all.put(persona.user(), persona.admission()));
    return all;
  }
}
