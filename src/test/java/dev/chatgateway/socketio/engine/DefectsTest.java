package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However often something fails, the log is not flooded. */
class DefectsTest {
  private final Logger logger = Logger.getLogger("dev.chatgateway.socketio.engine");
  private final List<Throwable> logged = new CopyOnWriteArrayList<>();
  private final Handler capture = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
        logged.add(entry.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    logger.addHandler(capture);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(capture);
  }

  @Test
  void oneIsLoggedASecond() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // it may overflow
    Defects defects = new Defects(clock::get);
    Throwable first = new IllegalStateException("first");
    Throwable later = new IllegalStateException("later");

    defects.log(first, "%s failed", "a");
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
    defects.log(new IllegalStateException("soon"), "%s failed", "b");
    clock.addAndGet(1);
    defects.log(later, "%s failed", "c");

    assertThat(logged).containsExactly(first, later);
  }

  @Test
  void sessionsThatFailOneAfterTheOtherAreNotALineEach() throws Exception {
    int sessions = 50;
    try (EchoServer server = new EchoServer()) {
      for (int i = 0; i < sessions; i++) {
        server.engine.post(server.engine.open(), "4fail");
      }
    }
    assertThat(logged).hasSizeLessThan(sessions);
  }
}
