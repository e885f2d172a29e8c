package dev.chatgateway.auth;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Ids;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Reads tokens with SmallRye JWT, which the standard {@code mp.jwt.verify.*} properties configure
 * (keys, issuer, audiences, leeway).
 */
@ApplicationScoped
public class JwtTokenVerifier implements TokenVerifier {
  private static final int MAX_TICKETS = 10_000;

  private final JWTParser parser;

  JwtTokenVerifier(JWTParser parser) {
    this.parser = parser;
  }

  @Override
  public Principal verify(String token) {
    JsonWebToken jwt;
    try {
      jwt = parser.parse(token);
    } catch (ParseException | RuntimeException e) {
      throw invalid("the token is malformed, expired, or not signed by who this gateway trusts");
    }
    return principal(jwt);
  }

  /**
   * Who a verified token is of.
   *
   * @throws ChatException {@code invalid_token} where a claim it must have is missing or unusable
   */
  public static Principal principal(JsonWebToken jwt) {
    String userId = jwt.getSubject();
    if (!Ids.isValid(userId)) {
      throw invalid("the token's sub must be 1 to 64 characters of A-Z a-z 0-9 _ . : -");
    }
    if (jwt.getExpirationTime() <= 0) {
      throw invalid("the token must have an exp");
    }
    Set<String> groups = jwt.getGroups() == null ? Set.of() : jwt.getGroups();
    return new Principal(
        userId,
        name(jwt, userId),
        groups.contains("admin"),
        groups.contains("service"),
        tickets(jwt),
        Instant.ofEpochSecond(Math.max(0, jwt.getIssuedAtTime())),
        Instant.ofEpochSecond(jwt.getExpirationTime()));
  }

  private static String name(JsonWebToken jwt, String userId) {
    return jwt.<Object>getClaim("name") instanceof String name
        ? UserName.shown(name, userId)
        : userId;
  }

  private static Set<String> tickets(JsonWebToken jwt) {
    Object claim = jwt.getClaim("tickets");
    if (!(claim instanceof Collection<?> list)) {
      return Set.of();
    }
    Set<String> tickets = new HashSet<>();
    for (Object entry : list) {
      String id = entry instanceof JsonString string
          ? string.getString()
          : entry instanceof JsonNumber || entry instanceof Number || entry instanceof String
              ? entry.toString()
              : null;
      if (Ids.isValid(id) && tickets.size() < MAX_TICKETS) {
        tickets.add(id);
      }
    }
    return Set.copyOf(tickets);
  }

  private static ChatException invalid(String why) {
    return new ChatException(ErrorCode.INVALID_TOKEN, why);
  }
}
