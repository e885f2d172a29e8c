package dev.chatgateway.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * Every key and channel there is. All keys of one ticket, one user or one pod share a hash tag, so
 * that a script touches one slot of a cluster. What each key holds is told by the class that owns
 * it.
 */
public final class Keys {
  private final String prefix;

  public Keys(String prefix) {
    this.prefix = prefix;
  }

  /** A key of one incarnation of a pod. */
  public String incarnation(String incarnation, String part) {
    return prefix + "{i:" + incarnation + "}:" + part;
  }

  /** A key that all pods share. */
  public String shared(String part) {
    return prefix + "{pods}:" + part;
  }

  /** A key of a witness, see {@link RedisLink#witnesses()}. */
  public String witness(int number, String part) {
    return prefix + "{w:" + number + "}:" + part;
  }

  /** The channel of a ticket's room. */
  public String ticketChannel(String ticketId) {
    return prefix + "{t:" + ticketId + "}";
  }

  /** The ticket whose channel that is, or null where it is no ticket's. */
  public String ticketOf(String channel) {
    String head = prefix + "{t:";
    return channel.startsWith(head) && channel.endsWith("}")
        ? channel.substring(head.length(), channel.length() - 1)
        : null;
  }

  /** The channel of one pod. */
  public String podChannel(String podId) {
    return prefix + "{p:" + podId + "}";
  }

  /** What {@link #podChannel} puts before the pod's id, for scripts that publish to several. */
  public String podChannelPrefix() {
    return prefix + "{p:";
  }

  /** The channel that every pod hears. */
  public String allPodsChannel() {
    return prefix + "pods";
  }

  /** Keys of one ticket, in that order. */
  public List<String> ticket(String ticketId, List<String> parts) {
    return all(prefix + "{t:" + ticketId + "}:", null, parts);
  }

  /** The ticket's channel, which goes with the keys for scripts, and then keys in that order. */
  public List<String> ticketKeys(String ticketId, List<String> parts) {
    String channel = ticketChannel(ticketId);
    return all(channel + ":", channel, parts);
  }

  /** Keys of one user, in that order. */
  public List<String> userKeys(String userId, List<String> parts) {
    return all(prefix + "{u:" + userId + "}:", null, parts);
  }

  private static List<String> all(String head, String first, List<String> parts) {
    List<String> keys = new ArrayList<>(parts.size() + 1);
    if (first != null) {
      keys.add(first);
    }
    for (int i = 0; i < parts.size(); i++) {
      keys.add(head + parts.get(i));
    }
    return keys;
  }
}
