package dev.chatgateway.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Traces messages over the pods: a span where one is accepted, and, joined to it, one on each pod that
 * hands it to its room. Where it is off, or a message is not sampled, nothing is made and nothing
 * travels along.
 */
public final class Tracing implements AutoCloseable {
  private static final Tracing OFF = new Tracing(null, () -> {});
  private static final int HASH_BYTES = 8;

  private final Tracer tracer; // null where it is off
  private final Runnable onClose;

  Tracing(Tracer tracer, Runnable onClose) {
    this.tracer = tracer;
    this.onClose = onClose;
  }

  public static Tracing off() {
    return OFF;
  }

  /** As configured: off, or sent by OTLP as the {@code OTEL_*} variables say. */
  public static Tracing of(TracingConfig config) {
    return config.enabled() ? Export.start() : OFF;
  }

  /**
   * A message is to be accepted.
   *
   * @param traceparent of what it is a part of, in the words of the W3C; null for none, and whatever
   *     is malformed counts as none
   */
  public MessageSpan accept(String ticketId, String traceparent) {
    if (tracer == null) {
      return MessageSpan.NONE;
    }
    Span span = tracer
        .spanBuilder("chat.message.accept")
        .setSpanKind(SpanKind.PRODUCER)
        .setParent(context(traceparent))
        .startSpan();
    if (!span.getSpanContext().isSampled()) {
      return MessageSpan.NONE;
    }
    span.setAttribute("chat.ticket.hash", hash(ticketId));
    return new MessageSpan(span);
  }

  /**
   * A message goes to its room here.
   *
   * @param traceparent what came along with it; null where it is not traced
   */
  public MessageSpan deliver(String ticketId, long seq, String traceparent) {
    if (tracer == null || traceparent == null) {
      return MessageSpan.NONE;
    }
    Context parent = context(traceparent);
    if (!Span.fromContext(parent).getSpanContext().isSampled()) {
      return MessageSpan.NONE;
    }
    Span span = tracer
        .spanBuilder("chat.message.deliver")
        .setSpanKind(SpanKind.CONSUMER)
        .setParent(parent)
        .startSpan();
    span.setAttribute("chat.ticket.hash", hash(ticketId));
    span.setAttribute("chat.message.seq", seq);
    return new MessageSpan(span);
  }

  private static Context context(String traceparent) {
    return traceparent == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), traceparent, Traceparent.ALONE);
  }

  private enum Traceparent implements TextMapGetter<String> {
    ALONE;

    @Override
    public Iterable<String> keys(String traceparent) {
      return List.of("traceparent");
    }

    @Override
    public String get(String traceparent, String key) {
      return key.equals("traceparent") ? traceparent : null;
    }
  }

  // Who knows a ticket finds its traces, who sees traces does not learn the ticket's id.
  private static String hash(String ticketId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(ticketId.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends what is left, for a moment at most. Blocks. */
  @Override
  public void close() {
    onClose.run();
  }
}
