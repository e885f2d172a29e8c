package dev.chatgateway.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * Every key and channel there is. All keys of one ticket, one user or one pod share a hash tag, so
 * that a script touches one slot of a cluster. What each key holds is told by the class that owns
 * it. Channels, unlike keys, are those of all databases of a server: the names of all but database
 * 0's hold its number.
 */
public final class Keys {
  private final String prefix;
  private final String channelPrefix;

  /**
   * @param prefix what every key and channel begins with
   * @param database the number of the database that has the keys
   */
  public Keys(String prefix, int database) {
    this.prefix = prefix;
    // No prefix can hold the @, so that this is never another gateway's.
    this.channelPrefix = database == 0 ? prefix : prefix + "@" + database + ":";
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

  /** A key by which to see that the server of that witness takes writes. */
  public String probe(int number) {
    return prefix + "probe:{w:" + number + "}";
  }

  /** The channel of a ticket's room. */
  public String ticketChannel(String ticketId) {
    return channelPrefix + "{t:" + ticketId + "}";
  }

  /** The ticket whose channel that is, or null where it is no ticket's. */
  public String ticketOf(String channel) {
    String head = channelPrefix + "{t:";
    return channel.startsWith(head) && channel.endsWith("}")
        ? channel.substring(head.length(), channel.length() - 1)
        : null;
  }

  /** The channel of one pod. */
  public String podChannel(String podId) {
    return channelPrefix + "{p:" + podId + "}";
  }

  /** A key of one pod. */
  public String pod(String podId, String part) {
    return prefix + "{p:" + podId + "}:" + part;
  }

  /** What {@link #podChannel} puts before the pod's id, for scripts that publish to several. */
  public String podChannelPrefix() {
    return channelPrefix + "{p:";
  }

  /** The channel that every pod hears. */
  public String allPodsChannel() {
    return channelPrefix + "pods";
  }

  /** Keys of one ticket, in that order. */
  public List<String> ticket(String ticketId, List<String> parts) {
    return all(prefix + "{t:" + ticketId + "}:", null, parts);
  }

  /** The ticket's channel, which goes with the keys for scripts, and then keys in that order. */
  public List<String> ticketKeys(String ticketId, List<String> parts) {
    return all(prefix + "{t:" + ticketId + "}:", ticketChannel(ticketId), parts);
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
