package dev.chatgateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** What processes have taken so far, as Linux says. */
record Usage(double cpuSeconds, long residentKb) {
  private static final double TICKS = 100; // of /proc, on every architecture

  static Usage of(Collection<Long> pids) {
    double cpu = 0;
    long resident = 0;
    for (long pid : pids) {
      try {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        cpu += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
        resident += Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
      } catch (IOException e) {
        throw new IllegalStateException("process " + pid + " is gone", e);
      }
    }
    return new Usage(cpu, resident);
  }
}
