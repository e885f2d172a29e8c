package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether workers have what the tickets' logs hold; a view may begin later than its log. */
final class Agreement {
  private Agreement() {}

  static List<String> differences(Map<String, Final.Log> logs, List<Worker> workers) {
    List<String> list = new ArrayList<>();
    for (Worker worker : workers) {
      for (Place place : worker.places().values()) {
        if (place.isOver()) {
          continue;
        }
        Final.Log log = logs.get(place.ticket);
        String difference = difference(log, place);
        if (difference != null) {
          list.add(worker.who.name() + " in ticket " + place.ticket + ": " + difference);
        }
      }
    }
    return list;
  }

  private static String difference(Final.Log log, Place place) {
    List<Message> view = place.view();
    int common = Math.min(log.messages().size(), view.size());
    boolean oneIsEmpty = log.messages().isEmpty() != view.isEmpty();
    if (!log.epoch().equals(place.epoch()) || oneIsEmpty) {
      return last(view) + " of " + place.epoch() + ", not " + last(log.messages()) + " of "
          + log.epoch();
    }
    List<Message> theirs = tail(log.messages(), common);
    List<Message> ours = tail(view, common);
    for (int i = 0; i < common; i++) {
      if (!same(theirs.get(i), ours.get(i), place.before())) {
        return ours.get(i) + ", not " + theirs.get(i);
      }
    }
    return null;
  }

  private static boolean same(Message theirs, Message ours, long before) {
    return theirs.id().equals(ours.id())
        && theirs.seq() == ours.seq()
        && (theirs.status().equals(ours.status()) || ours.seq() <= before);
  }

  private static List<Message> tail(List<Message> list, int count) {
    return list.subList(list.size() - count, list.size());
  }

  private static String last(List<Message> list) {
    return list.isEmpty() ? "nothing" : list.get(list.size() - 1).toString();
  }
}
