package dev.chatgateway.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Several {@link Shard}s, told what to do as one. */
final class Shards implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of("-Xmx800m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  private final List<One> all = new ArrayList<>();

  private record One(Process process, Writer orders, BufferedReader answers) {}

  Shards(int count, int clients, int socketIo, Collection<Integer> ports) {
    int first = 0;
    for (int i = 0; i < count; i++) {
      // Even, so that both members of a ticket are in the same.
      int next = (int) ((long) clients * (i + 1) / count) / 2 * 2;
      all.add(start(first, next - first, socketIo, "127.0.1." + (i + 1), ports));
      first = next;
    }
  }

  private static One start(
      int first, int clients, int socketIo, String source, Collection<Integer> ports) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Load.class.getName()));
    command.addAll(List.of("shard", Integer.toString(first), Integer.toString(clients)));
    command.addAll(List.of(Integer.toString(socketIo), source));
    command.add(ports.stream().map(String::valueOf).collect(Collectors.joining(",")));
    try {
      Process process = new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new One(
          process,
          process.outputWriter(StandardCharsets.UTF_8),
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What each is to do of something that is for all of them together. */
  void share(String order, double whole) {
    tell(order + " "
        + (order.equals("arrive")
            ? Integer.toString((int) Math.max(1, whole / all.size()))
            : Double.toString(whole / all.size())));
  }

  /** Tells all of them; returns their answers. */
  List<JsonNode> tell(String order) {
    try {
      for (One one : all) {
        one.orders().write(order + "\n");
        one.orders().flush();
      }
      List<JsonNode> answers = new ArrayList<>();
      for (One one : all) {
        answers.add(answer(one));
      }
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode answer(One one) throws IOException {
    String line = one.answers().readLine();
    while (line != null && !line.startsWith(Shard.MARK)) {
      System.out.println(line);
      line = one.answers().readLine();
    }
    if (line == null) {
      throw new IllegalStateException("a load generator has ended");
    }
    return Door.JSON.readTree(line.substring(Shard.MARK.length()));
  }

  /** How all of them stand together: sums, but for {@code latencies}. */
  ObjectNode report(Latencies latencies) {
    ObjectNode sums = Door.JSON.createObjectNode();
    for (JsonNode one : tell("report")) {
      latencies.add(one.get("latencies"));
      one.fields().forEachRemaining(field -> {
        if (field.getValue().isNumber()) {
          sums.put(
              field.getKey(),
              sums.path(field.getKey()).asLong() + field.getValue().asLong());
        }
      });
    }
    return sums;
  }

  List<Long> pids() {
    return all.stream().map(one -> one.process().pid()).toList();
  }

  @Override
  public void close() {
    all.forEach(one -> one.process().destroyForcibly());
  }
}
