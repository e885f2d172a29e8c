package dev.chatgateway.load;

import java.util.Map;
import java.util.function.Consumer;

/** Starts one of the programs that measure the packaged gateway; {@code docs/bench/load} calls it. */
public final class Load {
  private static final Map<String, Consumer<String[]>> PROGRAMS = Map.of(
      "rollout", Rollout::main,
      "storm", Storm::main,
      "connections", Connections::main,
      "starvation", Starvation::main,
      "shard", Shard::main);

  private Load() {}

  public static void main(String[] arguments) {
    Consumer<String[]> program = arguments.length == 0 ? null : PROGRAMS.get(arguments[0]);
    if (program == null) {
      System.err.println("one of " + PROGRAMS.keySet() + " is to be named");
      System.exit(2);
    }
    try {
      program.accept(arguments);
      System.exit(0);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (RuntimeException e) {
      e.printStackTrace();
      System.exit(1); // what was started is not to keep this process
    }
  }
}
