package dev.chatgateway.socketio;

import dev.chatgateway.presence.PeerAddress;
import dev.chatgateway.session.Loop;
import dev.chatgateway.socketio.engine.Admission;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;

/**
 * Passes one request on. Its owner is found first, then its body is read whole, then a connection is
 * taken; what was taken is given back after a whole and sound answer, and reset in every other case.
 * Everything happens on the loop of the client's connection.
 */
final class Forward {
  private static final AttributeKey<Integer> UNDER_WAY = AttributeKey.valueOf("chat.forwards");
  // HTTP/1 has one at a time; a second one is the rest of one that was given up.
  private static final int MAX_PER_CONNECTION = 4;
  private static final int OK = 200;
  private static final int TIMEOUT = 408;
  private static final int BAD_GATEWAY = 502;
  private static final int UNAVAILABLE = 503;
  // An answer cut short is followed by what its client still sends, for so long.
  private static final long CLOSE_DELAY_MS = 2_000;
  private static final List<CharSequence> PASSED_HEADERS = List.of(
      HttpHeaders.CONTENT_TYPE,
      HttpHeaders.CONTENT_LENGTH,
      HttpHeaders.CACHE_CONTROL,
      HttpHeaders.RETRY_AFTER);

  private final OwnerForwarder forwarder;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Channel client;
  private final Loop loop;
  private final String sid;
  private final String owner;
  private final boolean webSocket;
  private final Runnable unknown;
  private final Runnable giveUp = this::giveUp;
  private Buffer body = Buffer.buffer();
  private PassedOn passedOn;
  private HttpClientRequest onwards;
  private boolean reading;
  private boolean tooLarge;
  private boolean connecting;
  private boolean over;

  Forward(
      OwnerForwarder forwarder,
      HttpServerRequest request,
      Loop loop,
      String sid,
      String owner,
      Runnable unknown) {
    this.forwarder = forwarder;
    this.request = request;
    this.response = request.response();
    this.client = ((ConnectionBase) request.connection()).channel();
    this.loop = loop;
    this.sid = sid;
    this.owner = owner;
    this.webSocket = Tunnel.isWanted(request);
    this.unknown = unknown;
  }

  /** Begins, or answers that the connection has too much under way. */
  void start() {
    underWay(1);
    request.pause();
    if (underWay() > MAX_PER_CONNECTION) {
      refuse(UNAVAILABLE);
      return;
    }
    response.closeHandler(gone -> end());
    forwarder
        .owners()
        .find(loop, owner, () -> !over)
        .onComplete(found -> loop.run(() -> found(found)));
  }

  private void found(AsyncResult<PeerAddress> found) {
    if (over) {
      return;
    }
    if (found.failed()) {
      notFound(found.cause());
    } else if (request.method().equals(HttpMethod.POST)) {
      read(found.result());
    } else {
      request.resume();
      connect(found.result());
    }
  }

  private void notFound(Throwable cause) {
    forwarder.ownerGone(owner, cause);
    end();
    resume();
    unknown.run();
  }

  // --- the body

  private void read(PeerAddress peer) {
    long announced = Framing.announced(request);
    if (announced > forwarder.maxBody()) {
      tooLarge = true;
      connect(peer);
      return;
    }
    reading = true;
    loop.after(forwarder.bodyTimeout().toMillis(), () -> {
      if (reading && !over) {
        cutShort(TIMEOUT);
      }
    });
    request.exceptionHandler(e -> end());
    request.handler(part -> received(part, peer));
    request.endHandler(end -> {
      if (over || !reading) {
        return;
      }
      reading = false;
      if (announced >= 0 && announced != body.length()) {
        end();
        Framing.refuse(request); // a header came after the decoder had framed it
      } else {
        connect(peer);
      }
    });
    request.resume();
  }

  private void received(Buffer part, PeerAddress peer) {
    if (over || !reading) {
      return;
    }
    if (body.length() + part.length() > forwarder.maxBody()) {
      reading = false;
      tooLarge = true;
      body = Buffer.buffer();
      connect(peer);
    } else {
      body.appendBuffer(part);
      forwarder.bodies().add(giveUp, part.length());
    }
  }

  private void giveUp() {
    loop.run(() -> {
      if (!over) {
        cutShort(UNAVAILABLE);
      }
    });
  }

  // --- the exchange with the owner

  private void connect(PeerAddress peer) {
    connecting = true;
    String transport = request.getParam("transport");
    forwarder
        .peers()
        .pass(peer, request.method(), PassedOn.uri(transport, sid))
        .onComplete(begun -> loop.run(() -> {
          connecting = false;
          if (begun.succeeded()) {
            onwards = begun.result().request();
          }
          if (over) {
            release();
          } else if (begun.succeeded()) {
            pass(peer, begun.result().claim());
          } else if (begun.cause() instanceof ConnectionPoolTooBusyException) {
            refuse(UNAVAILABLE);
          } else {
            notFound(begun.cause());
          }
        }));
  }

  private void pass(PeerAddress peer, PeerProof.Claim claim) {
    passedOn = forwarder.passedOn(sid, peer, webSocket);
    if (webSocket) {
      new Tunnel(request, onwards, answer -> isProved(answer, claim), this).open();
      return;
    }
    onwards
        .response()
        // A reset would be logged as an error if nobody handled it.
        .onSuccess(answer -> answer.pause().exceptionHandler(e -> {}))
        .onComplete(answer -> loop.run(() -> answered(answer, claim)));
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null) {
      onwards.putHeader(HttpHeaders.CONTENT_TYPE, type);
    }
    if (tooLarge) {
      // The owner says so, and does with the session what it does with its own.
      onwards.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(forwarder.maxBody() + 1L));
      onwards.sendHead();
    } else if (request.method().equals(HttpMethod.POST)) {
      onwards.end(body);
    } else {
      onwards.end();
    }
  }

  private boolean isProved(HttpClientResponse answer, PeerProof.Claim claim) {
    List<String> given = answer.headers().getAll(PeerProof.answerHeader());
    return given.size() == 1 && forwarder.proof().isAnswer(given.get(0), owner, claim.number());
  }

  private void answered(AsyncResult<HttpClientResponse> done, PeerProof.Claim claim) {
    if (over) {
      return;
    }
    if (done.failed() || !isClean(done.result(), claim)) {
      refuse(BAD_GATEWAY);
      return;
    }
    HttpClientResponse answer = done.result();
    response.setStatusCode(answer.statusCode());
    for (CharSequence header : PASSED_HEADERS) {
      String value = answer.getHeader(header);
      if (value != null) {
        response.putHeader(header, value);
      }
    }
    forwarder.addHeaders(request, response.headers());
    if (tooLarge) {
      discardTheRest();
    }
    answer
        .pipe()
        .endOnFailure(false)
        .to(response)
        .onComplete(piped -> loop.run(() -> {
          if (piped.succeeded() && !tooLarge) {
            onwards = null; // has gone back by itself, or is closed as the owner asked
          } else if (piped.failed()) {
            request.connection().close(); // the half that was passed on must not pass for the whole
          }
          end();
        }));
  }

  /** Whether that is the owner's answer to this request, of a length that is told once. */
  private boolean isClean(HttpClientResponse answer, PeerProof.Claim claim) {
    List<String> lengths = answer.headers().getAll(HttpHeaders.CONTENT_LENGTH);
    return isProved(answer, claim)
        && lengths.size() == 1
        && lengths.get(0).matches("[0-9]{1,10}")
        && !answer.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        && (answer.statusCode() == OK
            || answer.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true));
  }

  // --- the end

  /** The owner has refused a WebSocket, or answered in a way that is not sound. */
  void refused(int status) {
    loop.run(() -> {
      if (!over) {
        refuse(status);
      }
    });
  }

  /** The WebSocket has taken both connections over; returns false if its client has gone. */
  boolean joined() {
    boolean there = !over && !response.closed();
    if (there) {
      onwards = null;
    }
    return there;
  }

  private void refuse(int status) {
    end();
    if (response.headWritten()) {
      request.connection().close();
    } else if (!response.closed()) {
      resume();
      Admission.Denial denial = forwarder.refusal(status);
      response.setStatusCode(denial.status());
      denial.headers().forEach(response.headers()::set);
      forwarder.addHeaders(request, response.headers());
      response.end(denial.body());
    }
  }

  /** Answers before all of the body has come; the connection can carry nothing else. */
  private void cutShort(int status) {
    discardTheRest();
    refuse(status);
  }

  private void discardTheRest() {
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    // Not at once: closing over unread input resets the connection, and the answer is lost.
    loop.after(CLOSE_DELAY_MS, () -> request.connection().close());
    if (!request.isEnded()) {
      request.exceptionHandler(e -> {});
      request.handler(part -> {});
      request.endHandler(end -> {});
    }
    resume();
  }

  private void resume() {
    if (!request.isEnded()) { // HTTP/2 would throw
      request.resume();
    }
  }

  /** Nothing more is passed on; whatever is still held is reset. */
  void end() {
    if (over) {
      return;
    }
    over = true;
    body = Buffer.buffer();
    forwarder.bodies().remove(giveUp);
    forwarder.ended(passedOn);
    if (!connecting) {
      release();
    }
  }

  private void release() {
    underWay(-1);
    if (onwards != null) {
      onwards.reset();
      onwards = null;
    }
  }

  private int underWay() {
    Integer count = client.attr(UNDER_WAY).get();
    return count == null ? 0 : count;
  }

  private void underWay(int change) {
    client.attr(UNDER_WAY).set(underWay() + change);
  }
}
