package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.RunHeader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** When what was broken. */
final class Faults {
  /** Where a fault never ends. */
  static final long NEVER = Long.MAX_VALUE / 4;

  /** The target of what befalls several pods. */
  private static final String PODS = "pods";

  /**
   * @param toNs {@link #NEVER} where it does not end
   */
  record Span(Entry begins, Fault.Begins fault, long fromNs, long toNs) {}

  private final List<Span> spans = new ArrayList<>();
  private final Set<String> pods = new HashSet<>();

  Faults(List<Entry> entries) {
    List<Entry> begun = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.fact() instanceof Fault.Begins) {
        begun.add(entry);
      } else if (entry.fact() instanceof Fault.Ends ends) {
        begun.removeIf(at -> {
          Fault.Begins fault = (Fault.Begins) at.fact();
          boolean same = fault.name().equals(ends.name()) && fault.target().equals(ends.target());
          if (same) {
            spans.add(new Span(at, fault, at.ns(), entry.ns()));
          }
          return same;
        });
      } else if (entry.fact() instanceof Link.Opened opened && opened.pod() != null) {
        pods.add(opened.pod());
      }
    }
    begun.forEach(at -> spans.add(new Span(at, (Fault.Begins) at.fact(), at.ns(), NEVER)));
    spans.sort((a, b) -> Long.compare(a.fromNs(), b.fromNs()));
  }

  List<Span> spans() {
    return spans;
  }

  /** No pod could reach the store. */
  static boolean storeAway(Span span) {
    return Fault.ALL.equals(span.fault().storeAway());
  }

  /**
   * Whether somebody on that pod may have been hindered: the store was away for it, or what was broken
   * is not known to be another pod.
   *
   * @param pod null where it is not known
   */
  boolean hinders(Span span, String pod) {
    String target = span.fault().target();
    return storeAway(span) || pod == null || target.equals(pod) || !pods.contains(target);
  }

  /** It was that pod itself, or its way to the store, or may have been. */
  boolean isOf(Span span, String pod) {
    String target = span.fault().target();
    return target.equals(PODS) || target.equals(pod) || pod == null && pods.contains(target);
  }

  /** Pods were told to stop: they keep the places of those they send away for a while. */
  static boolean sendsAway(Span span) {
    return span.fault().name().equals("terminate") || span.fault().name().equals("scale");
  }

  /** What was broken was a pod, or several. */
  boolean isOfPods(Span span) {
    String target = span.fault().target();
    return target.equals(PODS) || pods.contains(target);
  }

  /** Agents may be those who read nothing, or little. */
  static boolean stalls(Span span, RunHeader.Admission admission) {
    return span.fault().target().equals("clients") && (admission == null || admission.admin());
  }

  /**
   * Until when something has to have happened that is due some time after a moment. Where a fault that
   * counts lies in that time, the time begins anew with its end.
   */
  long due(long fromNs, long boundMs, Predicate<Span> counts) {
    long boundNs = boundMs * 1_000_000;
    long due = fromNs + boundNs;
    for (Span span : spans) {
      if (counts.test(span) && span.fromNs() < due && span.toNs() > fromNs) {
        due = Math.max(due, span.toNs() + boundNs);
      }
    }
    return due;
  }
}
