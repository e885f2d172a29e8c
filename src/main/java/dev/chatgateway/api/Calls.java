package dev.chatgateway.api;

import dev.chatgateway.Pod;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.redis.RedisLink;
import dev.chatgateway.session.Loop;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Function;

/** Does the work of calls where it has to be done, and answers. */
@Singleton
class Calls {
  private final Pod pod;

  Calls(Pod pod) {
    this.pod = pod;
  }

  /**
   * Works with the store on a loop of the pod, as links must be used on theirs.
   *
   * @param answer makes the response of the work's result
   */
  <T> Uni<Response> call(Function<RedisLink, Future<T>> work, Function<T, Response> answer) {
    return Uni.createFrom()
        .<T>emitter(emitter -> {
          Loop loop = pod.loops().current();
          loop.run(() -> work(loop.redis(), work, emitter));
        })
        .map(answer);
  }

  private static <T> void work(
      RedisLink link, Function<RedisLink, Future<T>> work, UniEmitter<? super T> emitter) {
    try {
      work.apply(link).onSuccess(emitter::complete).onFailure(emitter::fail);
    } catch (RuntimeException e) {
      emitter.fail(e);
    }
  }

  static Response ok(JsonWriter json) {
    return ok(json.toBytes());
  }

  static Response ok(byte[] json) {
    return json(200, json);
  }

  static Response json(int status, byte[] json) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(json)
        .build();
  }
}
