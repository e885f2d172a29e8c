package dev.chatgateway;

import dev.chatgateway.presence.Presence;
import dev.chatgateway.protocol.EventNames;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.relay.MalformedException;
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
    messages.on('u', (words, data) -> deliver(sessions(words.text(0)), words.text(1), data));
    messages.on('a', (words, data) -> deliver(directory.admins(), words.text(0), data));
    messages.on(
        'c',
        (words, none) -> directory.setConnections(
            words.text(0), (int) Math.min(words.number(1), Integer.MAX_VALUE)));
    messages.on(
        'f',
        (words, none) ->
            directory.setFollows(words.text(0), words.id(1), words.text(2).equals("1")));
    messages.on('k', (words, none) -> close(words.text(0), words.number(1)));
  }

  private List<Session> sessions(String userId) {
    LocalUser user = directory.user(userId);
    return user == null ? List.of() : List.copyOf(user.sessions());
  }

  private static void deliver(Collection<Session> sessions, String event, byte[] data) {
    if (!EventNames.isWellFormed(event)) {
      throw new MalformedException("not an event's name");
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
