package dev.chatgateway.auth;

/** The rule unless a deployment has its own: staff anywhere, customers where their token says. */
public final class TokenTicketAccess implements TicketAccess {
  @Override
  public boolean mayEnter(Principal principal, String ticketId) {
    return principal.admin() || principal.tickets().contains(ticketId);
  }
}
