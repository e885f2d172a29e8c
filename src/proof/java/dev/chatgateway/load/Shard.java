package dev.chatgateway.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * A crowd as a process of its own, since a process may hold only so many descriptors. Does what it is
 * told line by line, and answers each with one line that begins with {@link #MARK}.
 */
final class Shard {
  static final String MARK = "@ ";

  private final Crowd crowd;

  private Shard(Crowd crowd) {
    this.crowd = crowd;
  }

  /** Arguments: first client, clients, per cent that use Socket.IO, source address, ports. */
  static void main(String[] arguments) {
    Endpoints endpoints = new Endpoints();
    endpoints.set(Arrays.stream(arguments[5].split(",")).map(Integer::valueOf).toList());
    var cast = new Crowd.Cast(
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        2,
        Integer.parseInt(arguments[3]),
        0,
        arguments[4],
        false,
        Duration.ofSeconds(60));
    try (Crowd crowd = new Crowd(cast, endpoints)) {
      new Shard(crowd).obey();
    }
  }

  private void obey() {
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        System.out.println(MARK + obey(order.split(" ")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String obey(String[] order) {
    switch (order[0]) {
      case "arrive" -> crowd.arrive(Integer.parseInt(order[1]));
      case "talk" -> crowd.talk(Double.parseDouble(order[1]));
      case "restart" ->
        crowd.onLoop(() -> {
          crowd.seen().restart();
          return null;
        });
      case "report" -> {
        return crowd.onLoop(this::report).toString();
      }
      default -> throw new IllegalArgumentException(order[0]);
    }
    return "{}";
  }

  private ObjectNode report() {
    Seen seen = crowd.seen();
    long seated = crowd.clients().stream().filter(LoadClient::seated).count();
    ObjectNode report = Door.JSON
        .createObjectNode()
        .put("seated", seated)
        .put("deliveries", seen.deliveries())
        .put("accepted", seen.ledger().accepted())
        .put("lost", seen.absences().size())
        .put("failures", seen.failures())
        .put("odd", seen.odd());
    report.set("latencies", seen.latencies().toJson());
    return report;
  }
}
