package dev.chatgateway.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A user with connections to this pod: who they are, how many connections they have on all pods,
 * and which tickets they follow.
 */
public final class LocalUser {
  private static final String[] NONE = {};

  private final String userId;
  // On the main loop only; the rest may be read from anywhere.
  private final List<Session> sessions = new ArrayList<>(1);
  private volatile String[] tickets = NONE;
  private volatile int connections = 1;

  LocalUser(String userId) {
    this.userId = userId;
  }

  public String userId() {
    return userId;
  }

  /** How many connections the user has, on all pods together, as far as this pod has heard. */
  public int connections() {
    return connections;
  }

  void connections(int now) {
    connections = now;
  }

  /** Whether the user follows that ticket. */
  public boolean follows(String ticketId) {
    for (String ticket : tickets) {
      if (ticket.equals(ticketId)) {
        return true;
      }
    }
    return false;
  }

  /** The user's connections to this pod. On the main loop only. */
  public List<Session> sessions() {
    return sessions;
  }

  String[] tickets() {
    return tickets;
  }

  void tickets(List<String> followed) {
    tickets = followed.isEmpty() ? NONE : followed.toArray(NONE);
  }

  void follow(String ticketId) {
    String[] more = Arrays.copyOf(tickets, tickets.length + 1);
    more[tickets.length] = ticketId;
    tickets = more;
  }

  void unfollow(String ticketId) {
    tickets = Arrays.stream(tickets).filter(t -> !t.equals(ticketId)).toArray(String[]::new);
  }
}
