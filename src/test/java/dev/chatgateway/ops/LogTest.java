package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log tells nobody's secrets, not even at its finest. */
@QuarkusTest
class LogTest {
  @TestHTTPResource("/chat")
  URI gateway;

  private final Logger root = Logger.getLogger("");
  private final Logger ours = Logger.getLogger("dev.chatgateway");
  private final Level before = ours.getLevel();
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler capture = new Handler() {
    @Override
    public void publish(LogRecord record) {
      StringWriter text = new StringWriter();
      text.append(
          record instanceof ExtLogRecord extended
              ? extended.getFormattedMessage()
              : record.getMessage());
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(new PrintWriter(text));
      }
      logged.add(text.toString());
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

  @BeforeEach
  void listen() {
    capture.setLevel(Level.ALL);
    root.addHandler(capture);
    ours.setLevel(Level.ALL);
  }

  @AfterEach
  void stopListening() {
    root.removeHandler(capture);
    ours.setLevel(before);
  }

  @Test
  void holdsNeitherMessagesNorTokens() {
    String secret = "secret" + UUID.randomUUID().toString().replace("-", "");
    String ticket = "log-" + UUID.randomUUID();
    String token = Tokens.user("ana").name(secret + "name").tickets(ticket).sign();
    String broken = token.substring(0, token.length() - 10);
    try (ChatClient ana = ChatClient.to(gateway).bearer(token).connect();
        ChatClient bad = ChatClient.connect(gateway)) {
      ana.awaitEvent("chat_authenticated");
      ana.join(ticket);
      ana.ok(
          "send_message", Map.of("ticket_id", ticket, "text", secret, "data", Map.of("k", secret)));
      ana.awaitEvent("new_message");
      ana.ok("typing_start", Map.of("ticket_id", ticket));
      ana.refused("send_message", Map.of("ticket_id", "elsewhere", "text", secret));
      ana.refused("send_message", Map.of("ticket_id", ticket, "text", secret.repeat(400)));
      ana.refused("send_message", Map.of("ticket_id", ticket, "text", secret, secret, 1));
      ana.refused(secret, Map.of());
      ana.sendText("{\"event\":\"send_message\",\"data\":{\"text\":\"" + secret);
      ana.awaitEvent("error");
      bad.refused("chat_authenticate", Map.of("token", broken));
      bad.refused("chat_authenticate", Map.of("token", secret));
      bad.refused("chat_authenticate", Map.of("token", token, "user_id", "other"));
      bad.sendBinary(secret.getBytes(StandardCharsets.UTF_8));
      bad.awaitClose();
    }
    ChatClient.to(gateway).bearer(broken).connect().awaitClose();
    ours.fine("the capture works");

    assertThat(logged).contains("the capture works");
    assertThat(logged)
        .noneMatch(line -> line.contains(secret))
        .noneMatch(line -> line.contains(token.split("\\.")[1]))
        .noneMatch(line -> line.contains("Bearer"));
  }
}
