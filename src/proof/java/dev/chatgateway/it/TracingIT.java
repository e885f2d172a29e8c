package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.OtlpCollector;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.PodSpec;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods as processes send their spans by OTLP, as the {@code OTEL_*} variables say. */
class TracingIT {
  private static final String TICKET = "101";
  private static final String CALLERS_TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLERS_SPAN = "b7ad6b7169203331";
  private static final Duration SENT = Duration.ofSeconds(30);

  private final OtlpCollector collector = new OtlpCollector();
  private final String keyPrefix = RedisResource.newKeyPrefix();
  private PodProcess first;
  private PodProcess second;

  @BeforeEach
  void twoPods() {
    first = pod("true");
    second = pod("true");
    first.awaitReady();
    second.awaitReady();
  }

  private PodProcess pod(String traces) {
    return new PodSpec()
        .set("chat.redis.key-prefix", keyPrefix, "chat.tracing.enabled", traces)
        .environment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
        .environment("OTEL_TRACES_SAMPLER", "parentbased_always_on")
        .environment("OTEL_BSP_SCHEDULE_DELAY", "100")
        .launch();
  }

  @AfterEach
  void end() {
    first.close();
    second.close();
    collector.close();
  }

  @Test
  void aMessageIsFollowedFromPodToPodAlsoPastOneThatDoesNotTrace() {
    PodProcess third = pod("false");
    try (ChatClient ana = in(first, "ana");
        ChatClient ben = in(second, "ben")) {
      third.awaitReady();
      try (ChatClient eve = in(third, "eve")) {
        ana.say(TICKET, "hello");
        ben.awaitEvent("new_message");
        eve.awaitEvent("new_message");
        // What a pod that does not trace accepts is not traced.
        eve.say(TICKET, "hello too");
        ben.awaitEvent("new_message", message -> message.get("seq").asInt() == 2);
      }

      await().atMost(SENT).until(() -> collector.named("chat.message.deliver").size() == 2);
      assertThat(collector.named("chat.message.accept")).hasSize(1);
      OtlpCollector.Span accept = collector.named("chat.message.accept").get(0);
      assertThat(accept.parentId()).isEmpty();
      assertThat(accept.service()).isEqualTo("chat-gateway");
      List<OtlpCollector.Span> deliveries = collector.named("chat.message.deliver");
      assertThat(collector.ofTrace(accept.traceId())).hasSize(3).containsAll(deliveries);
      assertThat(deliveries)
          .allMatch(span -> span.parentId().equals(accept.id()), "joined to where it came from")
          .allMatch(span -> span.endNanos() >= span.startNanos())
          .allMatch(span -> span.startNanos() >= accept.startNanos())
          .extracting(OtlpCollector.Span::instance)
          .doesNotHaveDuplicates()
          .contains(accept.instance());
    } finally {
      third.close();
    }
  }

  @Test
  void aCallOfTheTicketSystemGoesOnInItsOwnTrace() {
    try (ChatClient ben = in(second, "ben")) {
      new TicketSystemCalls(first)
          .call(
              "POST",
              "/api/tickets/" + TICKET + "/messages",
              Map.of("user_id", "7", "text", "from outside"),
              "traceparent",
              "00-" + CALLERS_TRACE + "-" + CALLERS_SPAN + "-01");
      ben.awaitEvent("new_message");

      await().atMost(SENT).until(() -> collector.ofTrace(CALLERS_TRACE).size() == 2);
      OtlpCollector.Span accept = collector.named("chat.message.accept").get(0);
      OtlpCollector.Span deliver = collector.named("chat.message.deliver").get(0);
      assertThat(accept.parentId()).isEqualTo(CALLERS_SPAN);
      assertThat(deliver.parentId()).isEqualTo(accept.id());
      assertThat(deliver.instance()).isNotEqualTo(accept.instance());
    }
  }

  @Test
  void aPodThatStopsSendsWhatIsLeft() {
    first.close();
    first = new PodSpec()
        .set("chat.redis.key-prefix", keyPrefix, "chat.tracing.enabled", "true")
        .environment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
        .environment("OTEL_TRACES_SAMPLER", "parentbased_always_on")
        .environment("OTEL_BSP_SCHEDULE_DELAY", "3600000")
        .launch();
    first.awaitReady();
    try (ChatClient ana = in(first, "ana")) {
      ana.say(TICKET, "hello");
      ana.awaitEvent("new_message");
    }
    first.stop();
    first.awaitExit(SENT);

    assertThat(collector.named("chat.message.accept")).hasSize(1);
  }

  private static ChatClient in(PodProcess pod, String user) {
    ChatClient client = ChatClient.to(pod.http("/chat"))
        .bearer(Tokens.user(user).tickets(TICKET).sign())
        .connect();
    client.awaitEvent("chat_authenticated");
    client.join(TICKET);
    return client;
  }
}
