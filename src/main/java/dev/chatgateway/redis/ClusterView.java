package dev.chatgateway.redis;

import io.vertx.redis.client.impl.ZModem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which primary has which slot, as a node of the cluster told it. Immutable.
 *
 * <p>Slots are those of the <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">
 * cluster specification</a>: CRC16 of the key, or of what is between its first braces, modulo 16384.
 */
final class ClusterView {
  private static final int SLOTS = 16_384;

  private final ServerAddress[] owners = new ServerAddress[SLOTS];
  private final Set<ServerAddress> primaries = new LinkedHashSet<>();
  private final boolean complete;
  private volatile List<Integer> witnesses; // looked up when first asked for

  /**
   * Reads the answer to {@code CLUSTER SLOTS}.
   *
   * @param asked the node that answered, which may leave out its own host
   */
  ClusterView(Reply slots, ServerAddress asked) {
    int covered = 0;
    for (int i = 0; i < slots.size(); i++) {
      Reply range = slots.at(i);
      Reply node = range.at(2);
      String host = node.at(0).isNull() ? "" : node.at(0).text();
      ServerAddress address =
          new ServerAddress(host.isEmpty() || host.equals("?") ? asked.host() : host, (int)
              node.at(1).number());
      primaries.add(address);
      int last = (int) Math.min(range.at(1).number(), SLOTS - 1L);
      for (int slot = (int) range.at(0).number(); slot <= last; slot++) {
        owners[slot] = address;
        covered++;
      }
    }
    complete = covered == SLOTS;
  }

  /** The slot of a key or channel. */
  static int slotOf(String key) {
    return ZModem.generate(key);
  }

  /** Whether each slot has a server. */
  boolean isComplete() {
    return complete;
  }

  /** The server that has the slot, or null. */
  ServerAddress owner(int slot) {
    return owners[slot];
  }

  /** All servers that have slots. */
  Set<ServerAddress> primaries() {
    return primaries;
  }

  /** The smallest numbers of witnesses of which each primary has one, see {@link RedisLink}. */
  List<Integer> witnesses() {
    if (witnesses == null) {
      Set<ServerAddress> without = new LinkedHashSet<>(Arrays.asList(owners));
      without.remove(null);
      List<Integer> found = new ArrayList<>();
      for (int number = 0; !without.isEmpty() && number < SLOTS; number++) {
        if (without.remove(owner(slotOf("{w:" + number + "}")))) {
          found.add(number);
        }
      }
      witnesses = List.copyOf(found);
    }
    return witnesses;
  }

  /** Whether each slot has the same server there. */
  boolean isSameAs(ClusterView other) {
    return other != null && Arrays.equals(owners, other.owners);
  }
}
