package dev.chatgateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import dev.chatgateway.ticket.Messages;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol;

/** What is traced of messages, and what it costs where they are not. */
class TracingTest {
  private static final String CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String NOT_SAMPLED = CALLER.substring(0, CALLER.length() - 1) + "0";
  private static final String ACCEPT = "chat.message.accept";
  private static final String DELIVER = "chat.message.deliver";

  private final Collected collected = new Collected();
  private final int ticket = TwoPods.newTicket();

  private Tracing tracing(double ratio) {
    SdkTracerProvider provider = SdkTracerProvider.builder()
        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
        .addSpanProcessor(SimpleSpanProcessor.create(collected))
        .build();
    return new Tracing(provider.get("test"), provider::close);
  }

  private static final class Collected implements SpanExporter {
    final Queue<SpanData> spans = new ConcurrentLinkedQueue<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
      spans.addAll(ended);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    List<SpanData> named(String name) {
      return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }
  }

  @Test
  void aMessagesSpansAreJoinedOverThePods() {
    try (TestPods pods = new TestPods(tracing(1))) {
      TestClient ana = TwoPods.customer(pods.start(), "ana", ticket);
      TestClient ben = TwoPods.customer(pods.start(), "ben", ticket);
      ana.say(ticket, "a secret");
      ben.awaitEvent("new_message");

      await().until(() -> collected.named(DELIVER).size() == 2);
      SpanData accept = collected.named(ACCEPT).get(0);
      assertThat(collected.named(ACCEPT)).hasSize(1);
      assertThat(accept.getKind()).isEqualTo(SpanKind.PRODUCER);
      assertThat(accept.getParentSpanContext().isValid()).isFalse();
      assertThat(collected.named(DELIVER)).allSatisfy(span -> {
        assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(span.getTraceId()).isEqualTo(accept.getTraceId());
        assertThat(span.getParentSpanId()).isEqualTo(accept.getSpanId());
        assertThat(attributes(span))
            .containsEntry("chat.message.seq", 1L)
            .containsEntry("chat.seats", 1L)
            .containsEntry("chat.ticket.hash", attributes(accept).get("chat.ticket.hash"));
      });
      assertThat(attributes(accept))
          .containsEntry("chat.message.seq", 1L)
          .containsEntry("chat.message.duplicate", false);
    }
  }

  @Test
  void spansSayNothingOfWhoOrWhat() {
    try (TestPods pods = new TestPods(tracing(1))) {
      TestClient ana = TwoPods.customer(pods.start(), "ana", ticket);
      ana.say(ticket, "a secret");

      await().until(() -> collected.named(DELIVER).size() == 1);
      assertThat(collected.spans)
          .allSatisfy(span -> assertThat(attributes(span).keySet())
              .isSubsetOf(Set.of(
                  "chat.ticket.hash", "chat.message.seq", "chat.message.duplicate", "chat.seats")));
      assertThat(collected.spans)
          .allSatisfy(span -> assertThat(attributes(span).toString())
              .doesNotContain("secret", "ana", Integer.toString(ticket)));
    }
  }

  @Test
  void aCallOfTheTicketSystemIsJoinedToItsTrace() {
    try (TestPods pods = new TestPods(tracing(0))) {
      TestPods.TestPod pod = pods.start();
      TestClient ana = TwoPods.customer(pod, "ana", ticket);
      publish(pod, NOT_SAMPLED);
      publish(pod, "00-malformed-01");
      publish(pod, null);
      publish(pod, CALLER);
      ana.awaitEvent("new_message", message -> message.get("seq").asInt() == 4);

      await().until(() -> collected.named(DELIVER).size() == 1);
      assertThat(collected.spans)
          .hasSize(2)
          .allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(CALLER.substring(3, 35)));
      assertThat(collected.named(ACCEPT).get(0).getParentSpanId())
          .isEqualTo(CALLER.substring(36, 52));
    }
  }

  private void publish(TestPods.TestPod pod, String traceparent) {
    Messages.Author author = new Messages.Author(null, null, "7", "Ann", true);
    Fields fields = Fields.of(JsonReader.object("{\"text\":\"hi\"}"), "", Set.of("text"));
    TwoPods.call(
        pod,
        link -> pod.pod()
            .messages()
            .publish(link, Integer.toString(ticket), author, fields, traceparent));
  }

  @Test
  void aRefusedMessageIsAnErrorWithoutItsWords() {
    try (TestPods pods = new TestPods(tracing(1))) {
      TestClient ana = TwoPods.customer(pods.start(), "ana", ticket);
      TestRedis.run(redis -> redis.hset(channel(pods) + ":meta", "closed", "1"));
      ana.refused("send_message", Map.of("ticket_id", ticket, "text", "a secret"));

      await().until(() -> collected.named(ACCEPT).size() == 1);
      assertThat(collected.named(DELIVER)).isEmpty();
      assertThat(attributes(collected.named(ACCEPT).get(0)))
          .containsEntry("error.type", "ticket_closed");
    }
  }

  /** Whoever can publish to Redis can send one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0z",
        CALLER + " and more"
      })
  void whateverComesInPlaceOfATraceparentTheMessageIsDelivered(String words) {
    hears(tracing(0), words);
  }

  /** As are those of former versions, pods that do not trace share rooms with others that do. */
  @Test
  void podsThatDoNotTraceDeliverWhatIsTraced() {
    hears(Tracing.off(), CALLER);
  }

  private void hears(Tracing tracing, String words) {
    try (TestPods pods = new TestPods(tracing)) {
      TestClient ana = TwoPods.customer(pods.start(), "ana", ticket);
      String epoch = ana.say(ticket, "first").get("epoch").asText();
      byte[] envelope = ("1 m " + epoch + " 2 0 id-2 1 bot " + words + "\n{\"text\":\"by hand\"}")
          .getBytes(StandardCharsets.UTF_8);
      // As the pods do: on a server that has them, tickets are heard on sharded channels.
      Object heard = TestRedis.<Object>ask(redis -> redis.sendCommand(
          redis.info("server").contains("redis_version:6.")
              ? Protocol.Command.PUBLISH
              : Protocol.Command.SPUBLISH,
          channel(pods).getBytes(StandardCharsets.UTF_8),
          envelope));

      assertThat(heard).isEqualTo(1L);
      ana.awaitEvent("new_message", message -> message.path("text").asText().equals("by hand"));
    }
  }

  private String channel(TestPods pods) {
    return pods.keyPrefix() + "{t:" + ticket + "}";
  }

  @Test
  void whereItIsOffNothingIsMade() {
    Tracing off = Tracing.off();
    assertThat(allocated(() -> follow(off, CALLER))).isZero();
  }

  @Test
  void aMessageThatIsNotSampledIsNoBurdenToItsReceivers() {
    Tracing on = tracing(0);
    assertThat(allocated(() -> deliver(on, null))).isZero();
    assertThat(allocated(() -> follow(on, CALLER))).isPositive();
  }

  private static void follow(Tracing tracing, String traceparent) {
    MessageSpan accept = tracing.accept("101", traceparent);
    accept.accepted(1, false);
    accept.traceparent();
    accept.release();
    deliver(tracing, traceparent);
  }

  private static void deliver(Tracing tracing, String traceparent) {
    MessageSpan deliver = tracing.deliver("101", 1, traceparent);
    deliver.seats(2);
    deliver.retain();
    deliver.release();
    deliver.release();
  }

  /** Bytes a call allocates, once it is compiled; what the measuring itself takes comes to nothing. */
  private static long allocated(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = 100_000;
    long bytes = 0;
    for (int round = 0; round < 3; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < calls; i++) {
        call.run();
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    return bytes / calls;
  }

  private static Map<String, Object> attributes(SpanData span) {
    return span.getAttributes().asMap().entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
  }
}
