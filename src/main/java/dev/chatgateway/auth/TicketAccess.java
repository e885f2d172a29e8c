package dev.chatgateway.auth;

/**
 * Decides who may enter which ticket. The bean of this type that a deployment provides replaces the
 * gateway's own ({@link TokenTicketAccess}). It is asked on event loops, for every join and every
 * notification, and so must answer at once from what it has in memory.
 */
public interface TicketAccess {
  /** Whether that principal may join, read and write that ticket. */
  boolean mayEnter(Principal principal, String ticketId);
}
