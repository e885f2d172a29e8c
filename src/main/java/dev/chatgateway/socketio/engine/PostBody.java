package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Reads the body of one request, bounded in bytes and time. On the request's loop. */
final class PostBody {
  /** Is told one of these, once. */
  interface Reader {
    /** The body as text; null where it isn't UTF-8. */
    void read(String text);

    /** It has more bytes than {@link EngineOptions.Sizes#body}. */
    void tooLarge();

    /** Other bodies take all the room there is. */
    void noRoom();

    /** It didn't arrive within {@link EngineOptions#bodyTimeout}. */
    void tooSlow();

    /** The client went away before its end. */
    void aborted();
  }

  private static final String CONTINUE = "100-continue";

  private final Reader reader;
  private final int max;
  private final BodyBudget budget;
  private final BooleanSupplier stranger;
  private final Buffer body = Buffer.buffer(0);
  private int taken;
  private final ScheduledFuture<?> deadline;
  private boolean done;

  private PostBody(
      Exchange exchange,
      EngineOptions options,
      BodyBudget budget,
      BooleanSupplier stranger,
      Reader reader) {
    this.reader = reader;
    this.max = options.sizes().body();
    this.budget = budget;
    this.stranger = stranger;
    this.deadline = exchange
        .loop()
        .schedule(
            () -> finish(reader::tooSlow), options.bodyTimeout().toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * @param stranger whether the layer above does not trust the client
   */
  static void read(
      Exchange exchange,
      EngineOptions options,
      BodyBudget budget,
      BooleanSupplier stranger,
      Reader reader) {
    HttpServerRequest request = exchange.request();
    if (announced(request) > options.sizes().body()) {
      reader.tooLarge();
      return;
    }
    invite(request, options);
    PostBody body = new PostBody(exchange, options, budget, stranger, reader);
    request.exceptionHandler(e -> body.finish(reader::aborted));
    request.endHandler(v -> body.finish(() -> reader.read(body.text())));
    request.handler(body::received);
    request.resume();
  }

  /**
   * Has a client send the body that it holds back until it is asked for it, by {@code Expect:
   * 100-continue}, unless it is known to be too large. Nothing is expected from then on.
   */
  static void invite(HttpServerRequest request, EngineOptions options) {
    if (request.version() == HttpVersion.HTTP_1_1
        && CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
        && announced(request) <= options.sizes().body()) {
      request.headers().remove(HttpHeaders.EXPECT);
      request.response().writeContinue();
    }
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private void received(Buffer part) {
    if (done) {
      return;
    }
    if (body.length() + part.length() > max) {
      finish(reader::tooLarge);
    } else if (!takeRoom(body.length() + part.length() - BodyBudget.FREE - taken)) {
      finish(reader::noRoom);
    } else {
      body.appendBuffer(part);
    }
  }

  private boolean takeRoom(int more) {
    if (more <= 0) {
      return true;
    }
    boolean room = budget.take(more, stranger.getAsBoolean());
    taken += room ? more : 0;
    return room;
  }

  private String text() {
    ByteBuf bytes = body.getByteBuf();
    return ByteBufUtil.isText(bytes, StandardCharsets.UTF_8)
        ? bytes.toString(StandardCharsets.UTF_8)
        : null;
  }

  private void finish(Runnable outcome) {
    if (!done) {
      done = true;
      deadline.cancel(false);
      outcome.run();
      budget.release(taken);
    }
  }
}
