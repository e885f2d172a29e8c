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
        Final.Log log = logs.get(place.ticket);
        if (!log.epoch().equals(place.epoch()) || !endsAlike(log.messages(), place.view())) {
          list.add(worker.who.name() + " in ticket " + place.ticket + ": " + last(place.view())
              + " of epoch " + place.epoch() + " rather than " + last(log.messages()) + " of "
              + log.epoch());
        }
      }
    }
    return list;
  }

  private static boolean endsAlike(List<Message> log, List<Message> view) {
    int common = Math.min(log.size(), view.size());
    return log.isEmpty() == view.isEmpty() && tail(log, common).equals(tail(view, common));
  }

  private static List<Message> tail(List<Message> list, int count) {
    return list.subList(list.size() - count, list.size());
  }

  private static String last(List<Message> list) {
    return list.isEmpty() ? "nothing" : list.get(list.size() - 1).toString();
  }
}
