package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Pen;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Wire;
import dev.chatgateway.testing.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * The ticket system: publishes by HTTP with an Idempotency-Key, trying again until it has an answer,
 * and sets statuses. On the workload's one event loop.
 */
final class TicketSystem {
  private static final long DEADLINE_MS = 6000;
  private static final int AT_ONCE = 24;

  private final Vertx vertx;
  private final Pen pen;
  private final URI gateway;
  private final Random random;
  private final HttpClient http;
  private final String token = Tokens.service().sign();
  private int published;
  private int open;

  TicketSystem(Vertx vertx, Pen pen, URI gateway, Random random) {
    this.vertx = vertx;
    this.pen = pen;
    this.gateway = gateway;
    this.random = random;
    http = vertx.createHttpClient(
        new HttpClientOptions().setMaxPoolSize(AT_ONCE).setConnectTimeout((int) DEADLINE_MS));
  }

  /** An answer other than success. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private final String code;

    RefusedException(String code) {
      super(code, null, false, false);
      this.code = code;
    }
  }

  boolean canPublish() {
    return open < AT_ONCE;
  }

  boolean settled() {
    return open == 0;
  }

  void publish(String ticket, String user) {
    open++;
    publish(ticket, user, "p:" + ++published);
  }

  private void publish(String ticket, String user, String key) {
    ObjectNode body = Door.JSON.createObjectNode().put("user_id", user).put("text", key);
    call(
            gateway,
            new Op.Publish(ticket, key, user),
            HttpMethod.POST,
            "/api/tickets/" + ticket + "/messages",
            body,
            key,
            Wire::accepted)
        .onSuccess(accepted -> {
          open--;
          if (random.nextInt(20) == 0) {
            setStatus(ticket, ((Result.Accepted) accepted).id());
          }
        })
        .onFailure(
            failed -> vertx.setTimer(200 + random.nextInt(600), due -> publish(ticket, user, key)));
  }

  private void setStatus(String ticket, String id) {
    ObjectNode body = Door.JSON.createObjectNode().put("status", "delivered");
    call(
        gateway,
        new Op.SetStatus(ticket, id, "delivered"),
        HttpMethod.PUT,
        "/api/tickets/" + ticket + "/messages/" + id + "/status",
        body,
        null,
        answer -> new Result.Marked(answer.path("changed").asBoolean() ? List.of(id) : List.of()));
  }

  Future<Result> page(String ticket, long afterSeq) {
    return get(
        gateway,
        new Op.ReadLog(ticket, null, afterSeq),
        "/api/tickets/" + ticket + "/messages?limit=100&after_seq=" + afterSeq,
        Wire::page);
  }

  Future<Result> participants(String ticket) {
    return participants(gateway, ticket);
  }

  /** Asks that pod. */
  Future<Result> participants(URI pod, String ticket) {
    return get(
        pod,
        new Op.ReadParticipants(ticket),
        "/api/tickets/" + ticket + "/participants",
        answer -> Wire.users(answer, "participants"));
  }

  Future<Result> typists(String ticket) {
    return get(
        gateway,
        new Op.ReadTyping(ticket),
        "/api/tickets/" + ticket + "/typing",
        answer -> Wire.users(answer, "users"));
  }

  Future<Result> presence(String user) {
    return presence(gateway, user);
  }

  /** Asks that pod. */
  Future<Result> presence(URI pod, String user) {
    return get(pod, new Op.ReadPresence(user), "/api/users/" + user + "/presence", Wire::presence);
  }

  private Future<Result> get(URI at, Op op, String path, Function<JsonNode, Result> reading) {
    return call(at, op, HttpMethod.GET, path, null, null, reading);
  }

  private Future<Result> call(
      URI at,
      Op op,
      HttpMethod method,
      String path,
      ObjectNode body,
      String key,
      Function<JsonNode, Result> reading) {
    long of = pen.invoke(op);
    RequestOptions options = new RequestOptions()
        .setHost(at.getHost())
        .setPort(at.getPort())
        .setMethod(method)
        .setURI(path)
        .setTimeout(DEADLINE_MS)
        .putHeader("Authorization", "Bearer " + token);
    if (body != null) {
      options.putHeader("Content-Type", "application/json");
    }
    if (key != null) {
      options.putHeader("Idempotency-Key", key);
    }
    return http.request(options)
        .compose(request -> body == null ? request.send() : request.send(body.toString()))
        .compose(response ->
            response.body().map(text -> new Answer(response.statusCode(), text.toString())))
        .compose(answer -> {
          if (answer.status() / 100 != 2) {
            return Future.failedFuture(new RefusedException(answer.code()));
          }
          return Future.succeededFuture(reading.apply(parse(answer.text())));
        })
        .onSuccess(result -> pen.ok(of, result))
        .onFailure(failed -> {
          if (failed instanceof RefusedException refused && refused.code != null) {
            pen.fail(of, refused.code);
          } else {
            pen.unknown(of, String.valueOf(failed.getMessage()));
          }
        });
  }

  private record Answer(int status, String text) {
    /** Null where it is not the gateway that answers, but what stands before it. */
    String code() {
      try {
        return parse(text).path("code").textValue();
      } catch (IllegalStateException e) {
        return null;
      }
    }
  }

  private static JsonNode parse(String text) {
    try {
      return Door.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }
}
