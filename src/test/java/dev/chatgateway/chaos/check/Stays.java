package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** When each user was, or may have been, in which room, by what their own workers did. */
final class Stays {

  /** One connection in one room. */
  static final class Stay {
    final String worker;
    final String user;
    final String conn;
    final String pod;
    /** Its requests come by any pod, and it may be ended where one of them does not pass them on. */
    final boolean polls;

    final String ticket;
    final long fromNs;
    /** When the join was granted; negative while it isn't. */
    long grantedNs = -1;

    long toNs = Faults.NEVER;
    /** Until when it surely lasted, for the gateway: it may know of the end before the client. */
    long surelyToNs = Faults.NEVER;

    private int joins = 1;

    private Stay(String worker, String conn, Link.Opened opened, String ticket, long fromNs) {
      this.worker = worker;
      this.user = opened.user();
      this.conn = conn;
      this.pod = opened.pod();
      this.polls = "poll".equals(opened.door());
      this.ticket = ticket;
      this.fromNs = fromNs;
    }

    private void lasts(long untilNs) {
      surelyToNs = Math.min(surelyToNs, untilNs);
    }

    /** Whether the user was in the room by it all that time. */
    boolean spans(long fromNs, long toNs) {
      return grantedNs >= 0 && grantedNs < fromNs && toNs < surelyToNs;
    }
  }

  /**
   * A time in which a user is in a room with no connection.
   *
   * @param ever they had been there before, or may have been
   * @param surely they had been there before
   * @param pods those of the connections they had there before; {@code ?} for one that is not known
   */
  record Absence(
      String user,
      String ticket,
      long fromNs,
      long toNs,
      boolean ever,
      boolean surely,
      Set<String> pods) {
    boolean holds(long ns) {
      return fromNs <= ns && ns < toNs;
    }

    /** Whether that is what befell one of those pods, or may be. */
    boolean befell(Faults faults, Faults.Span span) {
      return pods.stream().anyMatch(pod -> faults.isOf(span, pod.equals(UNKNOWN) ? null : pod));
    }
  }

  private static final String UNKNOWN = "?";

  private final List<Stay> stays = new ArrayList<>();
  private final Map<String, List<Stay>> byConn = new HashMap<>();
  private final Map<String, List<Stay>> byTicket = new HashMap<>();
  private final Map<String, Long> lastHeard = new HashMap<>();
  private final Map<String, Stay> open = new LinkedHashMap<>();
  private final Map<String, Link.Opened> conns = new HashMap<>();
  private final Map<String, Set<String>> connected = new HashMap<>();
  private final Map<String, Long> disconnected = new HashMap<>();
  private final Map<String, List<Absence>> absences = new HashMap<>();

  Stays(Run run) {
    run.entries().forEach(entry -> look(run, entry));
  }

  private void look(Run run, Entry entry) {
    Fact fact = entry.fact();
    if (fact instanceof Link.Opened opened) {
      conns.put(entry.conn(), opened);
      connected.computeIfAbsent(opened.user(), user -> new HashSet<>()).add(entry.conn());
    } else if (fact instanceof Link.Closed closed) {
      Link.Opened opened = conns.get(entry.conn());
      if (opened != null) {
        connected.get(opened.user()).remove(entry.conn());
        disconnected.put(opened.user(), entry.ns());
      }
      List.copyOf(open.values()).stream()
          .filter(stay -> stay.conn.equals(entry.conn()))
          .forEach(stay -> {
            long heard = lastHeard.getOrDefault(stay.conn, 0L);
            stay.lasts(closed.byClient() ? entry.ns() : heard);
            end(stay, entry);
          });
    } else if (fact instanceof Fact.Invoke invoke && invoke.op() instanceof Op.Join join) {
      begin(entry, join.ticket());
    } else if (fact instanceof Fact.Invoke invoke && invoke.op() instanceof Op.Leave leave) {
      Stay stay = open.get(key(entry.conn(), leave.ticket()));
      if (stay != null) {
        stay.lasts(entry.ns());
      }
    } else if (fact instanceof Fact.Ok ok) {
      Entry asked = run.asked(ok.of());
      hear(asked, entry);
      Op op = run.op(ok.of());
      if (op instanceof Op.Join join) {
        Stay stay = open.get(key(asked.conn(), join.ticket()));
        if (stay != null && stay.grantedNs < 0) {
          stay.grantedNs = entry.ns();
        }
      } else if (op instanceof Op.Leave leave) {
        end(open.get(key(asked.conn(), leave.ticket())), entry);
      }
    } else if (fact instanceof Fact.Fail fail) {
      if (run.op(fail.of()) instanceof Op.Join join && !run.isOpen(run.asked(fail.of()))) {
        Stay stay = open.get(key(run.asked(fail.of()).conn(), join.ticket()));
        if (stay != null && stay.grantedNs < 0) {
          end(stay, entry);
          if (stay.joins == 1) {
            stays.remove(stay);
            byTicket.get(stay.ticket).remove(stay);
            byConn.get(stay.conn).remove(stay);
          }
        }
      }
    } else if (fact instanceof Seen.PutOut out) {
      Stay stay = open.get(key(entry.conn(), out.ticket()));
      if (stay != null) {
        stay.lasts(lastHeard.getOrDefault(entry.conn(), 0L));
      }
      end(open.get(key(entry.conn(), out.ticket())), entry);
    }
  }

  private void hear(Entry asked, Entry entry) {
    if (asked != null && asked.conn() != null) {
      lastHeard.put(asked.conn(), entry.ns());
    }
  }

  private void begin(Entry entry, String ticket) {
    Link.Opened opened = conns.get(entry.conn());
    Stay before = open.get(key(entry.conn(), ticket));
    if (before != null) {
      before.joins++;
    } else if (opened != null) {
      Stay stay = new Stay(entry.worker(), entry.conn(), opened, ticket, entry.ns());
      open.put(key(entry.conn(), ticket), stay);
      stays.add(stay);
      byConn.computeIfAbsent(entry.conn(), conn -> new ArrayList<>()).add(stay);
      byTicket.computeIfAbsent(ticket, any -> new ArrayList<>()).add(stay);
    }
  }

  private void end(Stay stay, Entry entry) {
    if (stay != null) {
      stay.toNs = entry.ns();
      open.remove(key(stay.conn, stay.ticket));
    }
  }

  private static String key(String conn, String ticket) {
    return conn + " " + ticket;
  }

  List<Stay> all() {
    return stays;
  }

  List<Stay> in(String ticket) {
    return byTicket.getOrDefault(ticket, List.of());
  }

  /** The stay of that connection in that room at that moment; null where there is none. */
  Stay at(String conn, String ticket, long ns) {
    return byConn.getOrDefault(conn, List.of()).stream()
        .filter(stay -> stay.ticket.equals(ticket))
        .filter(stay -> stay.fromNs <= ns && ns <= stay.toNs)
        .findFirst()
        .orElse(null);
  }

  /** When the user's last connection ended; negative while one is open, 0 where there was none. */
  long disconnected(String user) {
    return connected.getOrDefault(user, Set.of()).isEmpty()
        ? disconnected.getOrDefault(user, 0L)
        : -1;
  }

  /** When the user was not in that room; all the time for one who never was. */
  List<Absence> absences(String user, String ticket) {
    return absences.computeIfAbsent(user + " " + ticket, key -> lookFor(user, ticket));
  }

  private List<Absence> lookFor(String user, String ticket) {
    List<Absence> found = new ArrayList<>();
    Set<String> pods = new HashSet<>();
    long goneSince = 0;
    boolean surely = false;
    // In the order in which they began.
    for (Stay stay : stays) {
      if (!stay.user.equals(user) || !stay.ticket.equals(ticket)) {
        continue;
      }
      if (stay.fromNs > goneSince) {
        found.add(new Absence(
            user, ticket, goneSince, stay.fromNs, goneSince > 0, surely, Set.copyOf(pods)));
      }
      surely |= stay.grantedNs >= 0;
      pods.add(stay.pod == null ? UNKNOWN : stay.pod);
      goneSince = Math.max(goneSince, stay.toNs);
    }
    if (goneSince < Faults.NEVER) {
      found.add(new Absence(
          user, ticket, goneSince, Faults.NEVER, goneSince > 0, surely, Set.copyOf(pods)));
    }
    return found;
  }
}
