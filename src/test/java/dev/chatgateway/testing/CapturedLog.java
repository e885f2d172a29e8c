package dev.chatgateway.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** Collects the log lines of this JVM, stack traces included, until it is closed. */
public final class CapturedLog implements AutoCloseable {
  private final Logger root = Logger.getLogger("");
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler capture = new Handler() {
    @Override
    public void publish(LogRecord record) {
      StringWriter text = new StringWriter();
      text.append(record.getLevel() + " " + record.getLoggerName() + " ");
      text.append(
          record instanceof ExtLogRecord extended
              ? extended.getFormattedMessage()
              : record.getMessage());
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(new PrintWriter(text));
      }
      lines.add(text.toString());
    }

    @Override
    public void flush() {
      // nothing is buffered
    }

    @Override
    public void close() {
      // nothing is open
    }
  };

  private CapturedLog() {
    capture.setLevel(Level.ALL);
    root.addHandler(capture);
  }

  /** Starts to collect. */
  public static CapturedLog start() {
    return new CapturedLog();
  }

  /** Returns the lines so far, each as level, logger, message and stack trace. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    root.removeHandler(capture);
  }
}
