package dev.chatgateway.ops;

import dev.chatgateway.Pod;
import dev.chatgateway.presence.Inquiry;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Answers other pods that ask whether this one still goes by an incarnation. Whoever asks has to know
 * the incarnation, which stands in Redis only, and learns nothing else.
 */
@Singleton
public class IncarnationRoute {
  private final Pod pod;

  IncarnationRoute(Pod pod) {
    this.pod = pod;
  }

  void route(@Observes Router router) {
    router.head(Inquiry.PATH + ":incarnation").order(-1).handler(context -> {
      boolean it = pod.goesBy(context.pathParam("incarnation"));
      context.response().setStatusCode(it ? 204 : 404).end();
    });
  }
}
