package dev.chatgateway.api;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.RateLimit;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.ByteArrayInputStream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Sees to who calls, that writing calls keep their rate, and that bodies are not too large. */
// Not a singleton: filters are made before the run-time configuration is there.
@ApplicationScoped
class CallFilter {
  private static final String CALLER = Principal.class.getName();

  private final CurrentIdentityAssociation identity;
  private final CallerRates rates;
  private final BodyLimit bodies;

  CallFilter(CurrentIdentityAssociation identity, LimitsConfig limits, BodyLimit bodies) {
    this.identity = identity;
    this.rates = new CallerRates(new RateLimit(limits.http()));
    this.bodies = bodies;
  }

  /** Who makes that call. */
  static Principal caller(ContainerRequestContext request) {
    return (Principal) request.getProperty(CALLER);
  }

  @ServerRequestFilter
  Uni<Void> check(ContainerRequestContext request, RoutingContext call) {
    // With lazy authentication the identity may be asked for only so on an event loop.
    return identity
        .getDeferredIdentity()
        .invoke(who -> check(request, who))
        .chain(
            checked -> hasBody(request) ? body(request, call) : Uni.createFrom().voidItem());
  }

  private void check(ContainerRequestContext request, SecurityIdentity who) {
    Principal caller = who.getAttribute(BearerMechanism.CALLER);
    if (caller == null) {
      throw new ChatException(ErrorCode.UNAUTHENTICATED, "a token is needed");
    }
    request.setProperty(CALLER, caller);
    if (writes(request)) {
      long waitMs = rates.spend(caller.userId(), System.nanoTime());
      if (waitMs > 0) {
        throw ChatException.rateLimited("too many calls", waitMs);
      }
    }
  }

  private static boolean writes(ContainerRequestContext request) {
    return !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
  }

  private static boolean hasBody(ContainerRequestContext request) {
    return request.getMethod().equals("POST") || request.getMethod().equals("PUT");
  }

  private Uni<Void> body(ContainerRequestContext request, RoutingContext call) {
    if (request.getMediaType() == null) {
      throw new NotSupportedException(); // JAX-RS would take it for whatever is wanted
    }
    return bodies
        .read(call)
        .invoke(body -> request.setEntityStream(new ByteArrayInputStream(body)))
        .replaceWithVoid();
  }
}
