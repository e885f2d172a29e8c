package dev.chatgateway.tracing;

import dev.chatgateway.protocol.ChatException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a pod does with one message, while it is being traced. Held by whoever works on it, as a
 * buffer is: it ends when the last has let go. May be used from several loops.
 */
public final class MessageSpan {
  /** Of a message that is not traced: takes everything and does nothing. */
  public static final MessageSpan NONE = new MessageSpan(null);

  private final Span span;
  private final AtomicInteger holders;

  MessageSpan(Span span) {
    this.span = span;
    this.holders = span == null ? null : new AtomicInteger(1);
  }

  /** What another pod joins this by, as the W3C's header {@code traceparent}; null for none. */
  public String traceparent() {
    if (span == null) {
      return null;
    }
    SpanContext context = span.getSpanContext();
    return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
        + context.getTraceFlags().asHex();
  }

  /** Notes the number that the message was given, and whether it had it before. */
  public void accepted(long seq, boolean duplicate) {
    if (span != null) {
      span.setAttribute("chat.message.seq", seq);
      span.setAttribute("chat.message.duplicate", duplicate);
    }
  }

  /** Notes to how many seats of this pod the message goes. */
  public void seats(int seats) {
    if (span != null) {
      span.setAttribute("chat.seats", seats);
    }
  }

  /** Ends with that outcome. */
  public <T> Future<T> until(Future<T> outcome) {
    return span == null
        ? outcome
        : outcome.onComplete(done -> {
          if (done.failed()) {
            failed(done.cause());
          }
          release();
        });
  }

  private void failed(Throwable cause) {
    span.setStatus(StatusCode.ERROR);
    // Not its message, which may say what a client sent.
    span.setAttribute(
        "error.type",
        cause instanceof ChatException problem
            ? problem.code().wire()
            : cause.getClass().getName());
  }

  /** Keeps it open for another holder. */
  public void retain() {
    if (span != null) {
      holders.incrementAndGet();
    }
  }

  /** One holder is done. */
  public void release() {
    if (span != null && holders.decrementAndGet() == 0) {
      span.end();
    }
  }
}
