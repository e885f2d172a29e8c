package dev.chatgateway.api;

import dev.chatgateway.auth.BearerToken;
import dev.chatgateway.auth.Principal;
import dev.chatgateway.auth.TokenVerifier;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Tells who calls by the bearer token, as the sockets' doors do: with the same verifier. */
@Singleton
class BearerMechanism implements HttpAuthenticationMechanism {
  /** The identity's attribute with the {@link Principal}. */
  static final String CALLER = Principal.class.getName();

  private final TokenVerifier verifier;

  BearerMechanism(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(RoutingContext call, IdentityProviderManager all) {
    String token = BearerToken.of(call.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (token == null || token.isEmpty()) {
      return Uni.createFrom().nullItem();
    }
    Future<Principal> verified = call.vertx()
        .executeBlocking(() -> verifier.verify(token), false)
        .compose(Future::fromCompletionStage);
    return Uni.createFrom()
        .completionStage(verified::toCompletionStage)
        .map(BearerMechanism::identity)
        .onFailure()
        .transform(AuthenticationFailedException::new);
  }

  private static SecurityIdentity identity(Principal who) {
    QuarkusSecurityIdentity.Builder identity = QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(who.userId()))
        .addAttribute(CALLER, who);
    if (who.service()) {
      identity.addRole("service");
    }
    if (who.admin()) {
      identity.addRole("admin");
    }
    return identity.build();
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext call) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
  }
}
