package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ClientEvent;
import dev.chatgateway.protocol.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client asks, turn by turn. */
class InboundTest {
  private final SessionFixture fixture = new SessionFixture();
  private final SessionFixture.Sent sent = new SessionFixture.Sent();
  private final Session session = fixture.session("7", false, sent);
  private final Inbound inbound = new Inbound(fixture.limits(), 128 * 1024);
  private final List<String> done = new ArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Handler listening = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      complaints.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    Logger.getLogger(Failures.class.getName()).addHandler(listening);
    Logger.getLogger(Failures.class.getName()).setUseParentHandlers(false);
  }

  @AfterEach
  void end() throws Exception {
    Logger.getLogger(Failures.class.getName()).removeHandler(listening);
    Logger.getLogger(Failures.class.getName()).setUseParentHandlers(true);
    fixture.close();
  }

  private final class Reply implements ReplyTo {
    private final Throwable breaks;

    Reply(Throwable breaks) {
      this.breaks = breaks;
    }

    @Override
    public void success(byte[] data) {
      if (breaks instanceof Error error) {
        throw error;
      }
      done.add("success");
    }

    @Override
    public void failure(ChatException problem) {
      done.add(problem.code().wire() + " " + problem.retryAfterMs());
    }
  }

  private static ObjectNode ticket(Object id) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    return data.put("ticket_id", String.valueOf(id));
  }

  @Test
  void aTurnEndsThoughItsAnswerCanNotBeWrittenAndTheSessionCloses() {
    inbound.register(
        ClientEvent.SEND_MESSAGE, (who, fields) -> Future.succeededFuture("{}".getBytes()));
    inbound.received(
        session, "send_message", 100, ticket(1), new Reply(new OutOfMemoryError("direct")));

    assertThat(sent.closed).isEqualTo(CloseCode.INTERNAL);
    assertThat(session.turns().isBusy()).isFalse();
  }

  @Test
  void aTurnEndsThoughItsHandlerBreaks() {
    inbound.register(ClientEvent.SEND_MESSAGE, (who, fields) -> {
      throw new StackOverflowError();
    });
    inbound.received(session, "send_message", 100, ticket(1), new Reply(null));

    assertThat(sent.closed).isEqualTo(CloseCode.INTERNAL);
    assertThat(session.turns().isBusy()).isFalse();
  }

  @Test
  void aBurstOfJoinsWaitsForItsTurnsAndIsNotRefused() {
    List<Promise<byte[]>> joins = new ArrayList<>();
    inbound.register(ClientEvent.JOIN_TICKET_CHAT, (who, fields) -> {
      joins.add(Promise.promise());
      return joins.get(joins.size() - 1).future();
    });
    for (int i = 0; i < 200; i++) {
      inbound.received(session, "join_ticket_chat", 100, ticket(i), new Reply(null));
    }
    assertThat(done).isEmpty();
    for (int i = 0; i < 200; i++) {
      joins.get(i).complete("{}".getBytes());
    }
    assertThat(done).hasSize(200).containsOnly("success");
  }

  @Test
  void whatIsRefusedAtOnceIsToldTimesOneAfterTheOther() {
    inbound.register(
        ClientEvent.JOIN_TICKET_CHAT, (who, fields) -> Future.succeededFuture("{}".getBytes()));
    for (int i = 0; i < 203; i++) {
      inbound.received(session, "join_ticket_chat", 100, ticket(i), new Reply(null));
    }
    List<Long> waits = done.stream()
        .filter(outcome -> outcome.startsWith("rate_limited"))
        .map(outcome -> Long.parseLong(outcome.split(" ")[1]))
        .toList();
    assertThat(waits).hasSizeBetween(1, 3).isSorted().doesNotHaveDuplicates();
    for (int i = 1; i < waits.size(); i++) {
      assertThat(waits.get(i) - waits.get(i - 1)).isBetween(99L, 101L);
    }
  }

  @Test
  void whatWaitsIsBoundedInBytes() {
    inbound.register(
        ClientEvent.SEND_MESSAGE, (who, fields) -> Promise.<byte[]>promise().future());
    String text = "x".repeat(100_000);
    for (int i = 0; i < 20; i++) {
      inbound.received(session, "send_message", 100, ticket(1).put("text", text), new Reply(null));
    }
    assertThat(done).hasSizeGreaterThan(10).allMatch(it -> it.startsWith("rate_limited"));
  }
}
