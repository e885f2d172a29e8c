package dev.chatgateway.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** Collects what the gateway logs from a level on, until it is closed. */
public final class LogLines implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.chatgateway");
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= getLevel().intValue()) {
        lines.add(
            entry instanceof ExtLogRecord formatted
                ? formatted.getFormattedMessage()
                : entry.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  private LogLines(Level level) {
    handler.setLevel(level);
    logger.addHandler(handler);
  }

  /** Collects warnings and errors. */
  public static LogLines warnings() {
    return new LogLines(Level.WARNING);
  }

  /** Collects errors. */
  public static LogLines errors() {
    return new LogLines(Level.SEVERE);
  }

  /** Returns the lines so far. */
  public List<String> all() {
    return List.copyOf(lines);
  }

  /** Returns the lines so far that contain that. */
  public List<String> with(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}
