package dev.chatgateway.auth;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.lang.JoseException;

/** Verifies JWTs of the configured {@link Issuers}. The only one that does, whoever brings a token. */
final class JwtTokenVerifier implements TokenVerifier {
  private static final int MAX_TOKEN_LENGTH = 12_000;
  // What decodes base64 passes over characters that don't belong there.
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
  // Reads what a token says of itself, of which nothing counts before its signature holds.
  private static final JwtConsumer READER = new JwtConsumerBuilder()
      .setSkipAllValidators()
      .setDisableRequireSignature()
      .setSkipSignatureVerification()
      .build();

  private final Issuers issuers;
  private final Duration skew;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Executor executor;

  /**
   * @param executor where tokens go on that had to wait for keys
   */
  JwtTokenVerifier(
      Issuers issuers, Duration skew, Clock clock, LongSupplier nanoTime, Executor executor) {
    this.issuers = issuers;
    this.skew = skew;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Principal> verify(String token, long unknownSinceNanos) {
    CompletableFuture<Principal> verified = new CompletableFuture<>();
    try {
      verify(read(token), nanoTime.getAsLong(), unknownSinceNanos).whenComplete((who, problem) -> {
        if (problem == null) {
          verified.complete(who);
        } else {
          verified.completeExceptionally(
              problem instanceof CompletionException ? problem.getCause() : problem);
        }
      });
    } catch (ChatException e) {
      verified.completeExceptionally(e);
    }
    return verified;
  }

  /** A token as it was read, and the issuer that it says it is of. */
  private record Presented(JwtContext jwt, JsonWebSignature signature, Issuers.Trusted issuer) {}

  private Presented read(String token) {
    if (token.length() > MAX_TOKEN_LENGTH) {
      throw invalid("the token is too long");
    }
    if (!COMPACT.matcher(token).matches()) {
      throw invalid("the token is not a signed JWT");
    }
    JwtContext jwt;
    try {
      jwt = READER.process(token);
    } catch (InvalidJwtException | RuntimeException e) {
      throw invalid("the token is not a signed JWT"); // the cause would quote it
    }
    if (jwt.getJoseObjects().size() != 1
        || !(jwt.getJoseObjects().get(0) instanceof JsonWebSignature signature)) {
      throw invalid("the token is not a signed JWT");
    }
    Object iss = jwt.getJwtClaims().getClaimValue("iss");
    Issuers.Trusted issuer = issuers.of(iss instanceof String name ? name : null);
    if (issuer == null) {
      throw invalid("the token's iss is none that this gateway trusts");
    }
    String algorithm = signature.getAlgorithmHeaderValue();
    if (algorithm == null || !issuer.issuer().algorithms().contains(algorithm)) {
      throw invalid("the token's alg is none that is accepted of its issuer");
    }
    return new Presented(jwt, signature, issuer);
  }

  private CompletionStage<Principal> verify(Presented token, long askedNanos, long unknownSince) {
    IssuerKeys keys = token.issuer().keys();
    IssuerKeys.Known known = keys.known();
    JsonWebKey key = known == null ? null : key(token, known.keys());
    if (key != null) {
      return CompletableFuture.completedFuture(principal(token, key));
    }
    if (known != null && known.askedNanos() - askedNanos >= 0) {
      throw unknownKey(token);
    }
    CompletableFuture<Void> reading = keys.again();
    if (reading == null) {
      throw missing(token, known, unknownSince);
    }
    return reading.handleAsync((done, problem) -> problem, executor).thenCompose(problem -> {
      if (problem != null) {
        throw missing(token, keys.known(), unknownSince);
      }
      return verify(token, askedNanos, unknownSince);
    });
  }

  private ChatException missing(Presented token, IssuerKeys.Known known, long unknownSince) {
    boolean readSince =
        known != null && unknownSince != NOT_BEFORE && known.askedNanos() - unknownSince >= 0;
    // Without a kid nobody can tell whether the key is a new one; most likely it is none at all.
    return readSince || (known != null && !isNamed(token, known.keys()))
        ? unknownKey(token)
        : ChatException.unavailable(
            "the keys of the token's issuer can't be read now; try again shortly",
            Math.max(1000, token.issuer().keys().againLeftMs()));
  }

  private static ChatException unknownKey(Presented token) {
    return invalid(
        token.signature().getKeyIdHeaderValue() == null
            ? "the token's signature does not hold"
            : "the token's kid is none of its issuer's keys, or its signature does not hold");
  }

  private static boolean isNamed(Presented token, List<JsonWebKey> keys) {
    return token.signature().getKeyIdHeaderValue() != null
        && keys.stream().anyMatch(key -> key.getKeyId() != null);
  }

  /** The key to verify the signature with; null where it may be one that is not known yet. */
  private static JsonWebKey key(Presented token, List<JsonWebKey> keys) {
    JsonWebSignature signature = token.signature();
    if (!isNamed(token, keys)) {
      return keys.stream().filter(key -> holds(signature, key)).findFirst().orElse(null);
    }
    JsonWebKey found;
    try {
      found = new VerificationJwkSelector().select(signature, keys);
    } catch (JoseException e) {
      throw invalid("the token's alg is not known");
    }
    if (found == null
        && keys.stream().anyMatch(key -> signature.getKeyIdHeaderValue().equals(key.getKeyId()))) {
      throw invalid("the token's alg is none of the key that its kid names");
    }
    return found;
  }

  private static boolean holds(JsonWebSignature signature, JsonWebKey key) {
    try {
      signature.setKey(key.getKey());
      return signature.verifySignature();
    } catch (JoseException another) {
      return false;
    }
  }

  private Principal principal(Presented token, JsonWebKey key) {
    Issuer issuer = token.issuer().issuer();
    JwtConsumer consumer = new JwtConsumerBuilder()
        .setSkipAllDefaultValidators() // TokenClaims says which claim it is
        .setJwsAlgorithmConstraints(token.issuer().constraints())
        .setVerificationKey(key.getKey())
        .build();
    Map<String, Object> claims;
    try {
      consumer.processContext(token.jwt());
      claims = token.jwt().getJwtClaims().getClaimsMap();
    } catch (InvalidJwtException | RuntimeException e) {
      throw invalid("the token's signature does not hold");
    }
    return new TokenClaims(claims, issuer, skew).principal(clock.instant());
  }

  private static ChatException invalid(String why) {
    return new ChatException(ErrorCode.INVALID_TOKEN, why);
  }
}
