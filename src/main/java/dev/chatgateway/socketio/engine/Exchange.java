package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/** A request and its response, which may be given from any loop and is written on its own. */
final class Exchange {
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence PLAIN =
      HttpHeaders.createOptimized("text/plain; charset=UTF-8");
  // As the reference does: some browsers would offer text/plain as a download.
  private static final CharSequence HTML = HttpHeaders.createOptimized("text/html");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private static final long CLOSE_DELAY_S = 2;
  private static final long NOTHING_DELAY_MS = 300;

  private final HttpServerRequest request;
  private final Admission admission;
  private final EventLoop loop;

  Exchange(HttpServerRequest request, Admission admission) {
    this.request = request;
    this.admission = admission;
    this.loop = ((ConnectionBase) request.connection()).channel().eventLoop();
  }

  HttpServerRequest request() {
    return request;
  }

  /** The loop of the request's connection. */
  EventLoop loop() {
    return loop;
  }

  /** Calls back, on the request's loop, when the client goes without a response. */
  void onAbort(Runnable action) {
    HttpServerResponse response = request.response();
    Runnable unlessEnded = () -> {
      if (!response.ended()) {
        action.run();
      }
    };
    response.closeHandler(v -> unlessEnded.run());
    response.exceptionHandler(e -> unlessEnded.run());
  }

  /** Answers a poll with a payload that is not pooled: nobody releases it. */
  void payload(ByteBuf payload) {
    payload(payload, () -> {});
  }

  /**
   * The same.
   *
   * @param left called, on whichever loop, when the answer has left or can't any more
   */
  void payload(ByteBuf payload, Runnable left) {
    on(() -> write(200, PLAIN, Buffer.buffer(payload)).onComplete(done -> left.run()));
  }

  /** Answers a poll with a packet that says nothing; not at once, or a client would ask at once. */
  void nothingSoon() {
    request.resume();
    loop.schedule(
        () -> {
          ByteBuf payload = Unpooled.buffer(1);
          Frames.appendPayload(Frames.NOOP, payload);
          payload(payload);
        },
        NOTHING_DELAY_MS,
        TimeUnit.MILLISECONDS);
  }

  void posted() {
    respond(200, HTML, Buffer.buffer("ok"));
  }

  void refuse(Refusal refusal) {
    respond(refusal.status(), JSON, Buffer.buffer(refusal.json()));
  }

  /** Refuses for what the protocol has no error. */
  void refuse(int status) {
    deny(admission.refusal(status));
  }

  void deny(Admission.Denial denial) {
    if (denial.status() == Refusal.FORBIDDEN.status()) {
      refuse(Refusal.FORBIDDEN);
    } else {
      on(() -> write(denial));
    }
  }

  void status(int status) {
    respond(status, null, Buffer.buffer());
  }

  /**
   * Answers before all of the body has come, which is dropped; a connection that can carry nothing
   * else meanwhile is closed soon.
   */
  void cutShort(int status) {
    on(() -> {
      HttpServerResponse response = request.response();
      if (request.version() != HttpVersion.HTTP_2) {
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        // Not at once: closing over unread input resets the connection, and the answer is lost.
        loop.schedule(() -> request.connection().close(), CLOSE_DELAY_S, TimeUnit.SECONDS);
      }
      request.exceptionHandler(e -> {});
      request.endHandler(v -> {});
      request.handler(part -> {});
      request.resume();
      write(admission.refusal(status));
    });
  }

  private void respond(int status, CharSequence type, Buffer body) {
    on(() -> write(status, type, body));
  }

  private void write(Admission.Denial denial) {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      denial.headers().forEach(response.headers()::set);
    }
    write(denial.status(), null, denial.body());
  }

  private Future<Void> write(int status, CharSequence type, Buffer body) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    request.resume(); // of what is refused nothing has been read
    response.setStatusCode(status);
    if (type != null) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, type);
    }
    response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    admission.addHeaders(request, response.headers());
    return response.end(body);
  }

  private void on(Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
    } else {
      loop.execute(action);
    }
  }
}
