package dev.chatgateway.auth;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What this package, or another category, logs, kept from the console; as {@code LEVEL message}. */
final class LogLines implements AutoCloseable {
  private final Logger logger;
  private final Level before;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler capture = new Handler() {
    @Override
    public void publish(LogRecord record) {
      lines.add(record.getLevel() + " "
          + (record instanceof ExtLogRecord extended
              ? extended.getFormattedMessage()
              : record.getMessage()));
    }

    @Override
    public void flush() {
      // nothing is kept back
    }

    @Override
    public void close() {
      // nothing is open
    }
  };

  LogLines() {
    this("dev.chatgateway.auth");
  }

  LogLines(String category) {
    logger = Logger.getLogger(category);
    before = logger.getLevel();
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    logger.addHandler(capture);
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.removeHandler(capture);
    logger.setUseParentHandlers(true);
    logger.setLevel(before);
  }
}
