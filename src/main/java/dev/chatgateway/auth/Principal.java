package dev.chatgateway.auth;

import java.time.Instant;
import java.util.Set;

/**
 * Who a token says somebody is.
 *
 * @param userId the token's {@code sub}
 * @param userName the token's {@code name}; the user id where it has none
 * @param admin support staff: may enter any ticket
 * @param service the ticket system: may use the HTTP calls
 * @param tickets the tickets a customer may enter
 * @param issuedAt the token's {@code iat}; {@link Instant#EPOCH} where it has none, so that any
 *     revocation takes it
 * @param expiresAt the token's {@code exp}, which clients are told
 * @param endsAt until when the token counts: {@code expiresAt}, and by how much clocks may differ
 */
public record Principal(
    String userId,
    String userName,
    boolean admin,
    boolean service,
    Set<String> tickets,
    Instant issuedAt,
    Instant expiresAt,
    Instant endsAt) {

  /** One whose clock is the gateway's. */
  public Principal(
      String userId,
      String userName,
      boolean admin,
      boolean service,
      Set<String> tickets,
      Instant issuedAt,
      Instant expiresAt) {
    this(userId, userName, admin, service, tickets, issuedAt, expiresAt, expiresAt);
  }
}
