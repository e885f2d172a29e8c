package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
