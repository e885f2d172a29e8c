package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a history file, and writes one that was changed. */
public final class HistoryReader {
  private HistoryReader() {}

  /** All entries, in order. Fails on what is not a history, and on one whose order is broken. */
  public static List<Entry> read(Path file) {
    ObjectReader json = HistoryJson.reader();
    List<Entry> entries = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        entries.add(json.readValue(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ", line " + (entries.size() + 1), e);
    }
    requireOrder(file, entries);
    return entries;
  }

  /** Writes entries as they are. */
  public static void write(Path file, List<Entry> entries) {
    var json = HistoryJson.writer();
    try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (Entry entry : entries) {
        out.write(json.writeValueAsString(entry));
        out.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireOrder(Path file, List<Entry> entries) {
    if (entries.isEmpty() || !(entries.get(0).fact() instanceof RunHeader)) {
      throw new IllegalArgumentException(file + " does not begin with the header of a run");
    }
    for (int i = 1; i < entries.size(); i++) {
      Entry before = entries.get(i - 1);
      Entry entry = entries.get(i);
      if (entry.n() <= before.n() || entry.ns() < before.ns()) {
        throw new IllegalArgumentException(file + ": line " + entry.n() + " is out of order");
      }
    }
  }
}
