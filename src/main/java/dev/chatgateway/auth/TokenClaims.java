package dev.chatgateway.auth;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Ids;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The claims of one token, once its signature holds: whether they count now, and who they name. */
final class TokenClaims {
  private static final int MAX_TICKETS = 10_000;
  // Year 5138. Every time since 1973, in milliseconds, is later.
  private static final double MAX_SECONDS = 100_000_000_000d;

  private final Map<String, Object> claims;
  private final Issuer issuer;
  private final Duration skew;

  TokenClaims(Map<String, Object> claims, Issuer issuer, Duration skew) {
    this.claims = claims;
    this.issuer = issuer;
    this.skew = skew;
  }

  /**
   * Who the token is of.
   *
   * @throws ChatException {@code invalid_token} where a claim is missing, unusable or doesn't hold;
   *     names it
   */
  Principal principal(Instant now) {
    checkIssuer();
    checkAudience();
    Instant expiresAt = time("exp");
    if (expiresAt == null) {
      throw invalid("exp", "is missing");
    }
    Instant endsAt = expiresAt.plus(skew);
    if (!now.isBefore(endsAt)) {
      throw invalid("exp", "is over: the token has expired");
    }
    Instant notBefore = time("nbf");
    if (notBefore != null && now.plus(skew).isBefore(notBefore)) {
      throw invalid("nbf", "is still to come");
    }
    Instant issuedAt = time("iat");
    checkAge(issuedAt, now);
    String userId = userId();
    Set<String> groups = groups();
    return new Principal(
        userId,
        claim(issuer.claims().name()) instanceof String name
            ? UserName.shown(name, userId)
            : userId,
        groups.contains("admin"),
        groups.contains("service"),
        tickets(),
        issuedAt == null ? Instant.EPOCH : issuedAt,
        expiresAt,
        endsAt);
  }

  private void checkIssuer() {
    if (issuer.iss() != null && !issuer.iss().equals(claims.get("iss"))) {
      throw invalid("iss", "is none that this gateway trusts");
    }
  }

  private void checkAudience() {
    if (issuer.audiences().isEmpty()) {
      return;
    }
    Object audience = claims.get("aud");
    Collection<?> all = audience instanceof Collection<?> many
        ? many
        : audience == null ? List.of() : List.of(audience);
    if (all.stream()
        .noneMatch(one -> one instanceof String && issuer.audiences().contains(one))) {
      throw invalid("aud", "does not hold this gateway's");
    }
  }

  private void checkAge(Instant issuedAt, Instant now) {
    if (issuer.tokenAge() == null) {
      return;
    }
    if (issuedAt == null) {
      throw invalid("iat", "is missing");
    }
    if (now.isAfter(issuedAt.plus(issuer.tokenAge()).plus(skew))) {
      throw invalid("iat", "is too long ago");
    }
  }

  private Instant time(String name) {
    Object value = claims.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Number number)) {
      throw invalid(name, "must be a number: seconds since 1970");
    }
    double seconds = number.doubleValue();
    if (!(seconds >= 0 && seconds < MAX_SECONDS)) {
      throw invalid(name, "is out of range: it must be seconds since 1970, not milliseconds");
    }
    return Instant.ofEpochSecond(number.longValue());
  }

  private String userId() {
    String name = issuer.claims().userId();
    Object value = claim(name);
    if (value == null) {
      throw invalid(name, "is missing");
    }
    String id = id(value);
    if (!Ids.isValidUser(id)) {
      throw invalid(name, "must be an integer, or 1 to 64 characters of A-Z a-z 0-9 _ . : - @ | +");
    }
    return id;
  }

  // Several words in one string are no groups: which of them would have been meant to be one?
  private Set<String> groups() {
    Object value = claim(issuer.claims().groups());
    Set<String> groups = new HashSet<>();
    if (value instanceof String word) {
      groups.add(word);
    } else if (value instanceof Collection<?> words) {
      words.forEach(word -> {
        if (word instanceof String group) {
          groups.add(group);
        }
      });
    }
    groups.retainAll(issuer.groups());
    return groups;
  }

  private Set<String> tickets() {
    if (!(claim(issuer.claims().tickets()) instanceof Collection<?> list)) {
      return Set.of();
    }
    Set<String> tickets = new HashSet<>();
    for (Object entry : list) {
      String id = id(entry);
      if (Ids.isValid(id) && tickets.size() < MAX_TICKETS) {
        tickets.add(id);
      }
    }
    return Set.copyOf(tickets);
  }

  /** A string, or the decimal of an integer of any size; else null. */
  private static String id(Object value) {
    return value instanceof String
            || value instanceof Long
            || value instanceof Integer
            || value instanceof BigInteger
        ? value.toString()
        : null;
  }

  /** The claim of that name, or else at that path. */
  private Object claim(String name) {
    if (claims.containsKey(name) || name.indexOf('/') < 0) {
      return claims.get(name);
    }
    Object at = claims;
    for (String part : name.split("/")) {
      at = at instanceof Map<?, ?> inside ? inside.get(part) : null;
    }
    return at;
  }

  private static ChatException invalid(String claim, String problem) {
    return new ChatException(ErrorCode.INVALID_TOKEN, "the token's " + claim + " " + problem);
  }
}
