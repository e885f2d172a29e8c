package dev.chatgateway.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who of the authenticated users is on this pod, by user and by ticket. On the main loop only. */
public final class Directory {
  private final Map<String, LocalUser> users = new HashMap<>();
  private final Map<String, List<LocalUser>> followers = new HashMap<>();
  private final Set<Session> admins = new HashSet<>();

  /**
   * Takes in a session that has just authenticated, or updates what is known of its user.
   *
   * @param connections how many the user has on all pods
   * @param tickets what the user follows
   */
  public LocalUser add(Session session, int connections, List<String> tickets) {
    LocalUser user = users.computeIfAbsent(session.principal().userId(), LocalUser::new);
    if (!user.sessions().contains(session)) {
      user.sessions().add(session);
    }
    user.connections(connections);
    replaceTickets(user, tickets);
    if (session.principal().admin()) {
      admins.add(session);
    } else {
      admins.remove(session);
    }
    return user;
  }

  /** Takes out a session that has ended; does nothing for one that isn't in. */
  public void remove(Session session) {
    admins.remove(session);
    if (session.principal() == null) {
      return;
    }
    LocalUser user = users.get(session.principal().userId());
    if (user != null && user.sessions().remove(session) && user.sessions().isEmpty()) {
      users.remove(user.userId());
      replaceTickets(user, List.of());
    }
  }

  /** The user of that id, or null where it has no connection here. */
  public LocalUser user(String userId) {
    return users.get(userId);
  }

  public List<LocalUser> users() {
    return List.copyOf(users.values());
  }

  /** How many users there are here. */
  public int size() {
    return users.size();
  }

  /** The support staff's connections here. */
  public Set<Session> admins() {
    return admins;
  }

  /** The users here who follow that ticket. */
  public List<LocalUser> followers(String ticketId) {
    return followers.getOrDefault(ticketId, List.of());
  }

  /** The user has that many connections now, on all pods. */
  public void setConnections(String userId, int connections) {
    LocalUser user = users.get(userId);
    if (user != null) {
      user.connections(connections);
    }
  }

  /** The user follows that ticket from now on, or no longer. */
  public void setFollows(String userId, String ticketId, boolean follows) {
    LocalUser user = users.get(userId);
    if (user == null || user.follows(ticketId) == follows) {
      return;
    }
    if (follows) {
      user.follow(ticketId);
      index(user, ticketId);
    } else {
      user.unfollow(ticketId);
      unindex(user, ticketId);
    }
  }

  private void replaceTickets(LocalUser user, List<String> tickets) {
    for (String ticket : user.tickets()) {
      unindex(user, ticket);
    }
    user.tickets(tickets);
    for (String ticket : tickets) {
      index(user, ticket);
    }
  }

  private void index(LocalUser user, String ticketId) {
    followers.computeIfAbsent(ticketId, ticket -> new ArrayList<>(1)).add(user);
  }

  private void unindex(LocalUser user, String ticketId) {
    List<LocalUser> list = followers.get(ticketId);
    if (list != null && list.remove(user) && list.isEmpty()) {
      followers.remove(ticketId);
    }
  }
}
