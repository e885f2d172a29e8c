package dev.chatgateway;

import dev.chatgateway.presence.Presence;
import dev.chatgateway.protocol.EventNames;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.relay.PodMessages;
import dev.chatgateway.session.Broadcast;
import dev.chatgateway.session.Directory;
import dev.chatgateway.session.LocalUser;
import dev.chatgateway.session.Session;
import java.util.Collection;
import java.util.List;

/** Acts on what is published about users: to this pod, if they are here, or to all pods. */
final class UserMessages {
  private final Directory directory;
  private final Presence presence;

  UserMessages(Directory directory, Presence presence) {
    this.directory = directory;
    this.presence = presence;
  }

  void register(PodMessages messages) {
    messages.on('u', (words, data) -> deliver(sessions(words[0]), words[1], data));
    messages.on('a', (words, data) -> deliver(directory.admins(), words[0], data));
    messages.on(
        'c', (words, none) -> directory.setConnections(words[0], Integer.parseInt(words[1])));
    messages.on(
        'f',
        (words, none) -> directory.setFollows(
            words[0], Ids.require(words[1], "ticket_id"), words[2].equals("1")));
    messages.on('k', (words, none) -> close(words[0], Long.parseLong(words[1])));
  }

  private List<Session> sessions(String userId) {
    LocalUser user = directory.user(userId);
    return user == null ? List.of() : List.copyOf(user.sessions());
  }

  private static void deliver(Collection<Session> sessions, String event, byte[] data) {
    if (!EventNames.isWellFormed(event)) {
      throw new IllegalArgumentException("not an event's name");
    }
    Broadcast broadcast =
        new Broadcast(new ServerEvent(event, PodMessages.requireObject(data)), false);
    for (Session session : sessions) {
      broadcast.retain();
      session.loop().run(() -> {
        session.deliver(broadcast);
        broadcast.release();
      });
    }
    broadcast.release();
  }

  /** Ends the user's connections that are as old as the order to, in Redis's time. */
  private void close(String userId, long orderedAtMs) {
    presence.closeThoseComing(userId, orderedAtMs);
    for (Session session : sessions(userId)) {
      session.loop().run(() -> session.closeAsOrdered(orderedAtMs));
    }
  }
}
