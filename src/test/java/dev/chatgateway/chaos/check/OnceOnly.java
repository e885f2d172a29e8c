package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was sent once, however often it was tried, is stored once, and shown once by a client that
 * keeps its place.
 *
 * <ul>
 *   <li>In a ticket's log at the end no id and no {@code client_id} is there twice; each message is one
 *       that somebody sent; and no more came from the ticket system without our having an answer
 *       than it tried.
 *   <li>All answers to the attempts at one message name the same id. Where the fault may lose data,
 *       another one is right when the first is gone.
 *   <li>No worker takes an id or {@code client_id} twice by its place ({@code taken_twice}), until it is
 *       told to begin anew; none has one twice at the end.
 * </ul>
 *
 * <p>Messages that come again and are dropped for their seq are counted as {@code repeats}; that they
 * don't come is not claimed.
 */
final class OnceOnly implements Property {
  @Override
  public void check(Run run, Findings findings) {
    Sendings sendings = new Sendings(run);
    Map<String, Set<String>> stored = new HashMap<>();
    for (Entry line : run.logs()) {
      Final.Log log = (Final.Log) line.fact();
      stored.put(log.ticket(), noneTwice(findings, line, log.messages()));
      origins(sendings, findings, line, log);
    }
    run.views().forEach(line -> noneTwice(findings, line, ((Final.View) line.fact()).messages()));
    answers(run, sendings, stored, findings);
    Places.walk(run, new Shown(findings));
  }

  private static Set<String> noneTwice(Findings findings, Entry line, List<Message> messages) {
    Set<String> ids = new HashSet<>();
    Set<String> clients = new HashSet<>();
    for (Message message : messages) {
      boolean again = !ids.add(message.id());
      again |= message.client() != null && !clients.add(message.user() + " " + message.client());
      if (again) {
        findings.count("stored_twice");
        findings.violated(message + " is there twice", line);
      }
    }
    return ids;
  }

  /** Every stored message is one that was sent. */
  private static void origins(Sendings sendings, Findings findings, Entry line, Final.Log log) {
    Set<String> sent = new HashSet<>();
    Set<String> published = new HashSet<>();
    Map<String, Integer> unanswered = new HashMap<>();
    for (Sendings.Sending sending : sendings.all()) {
      if (!sending.ticket.equals(log.ticket())) {
        continue;
      }
      if (!sending.published) {
        sent.add(sending.user + " " + sending.key);
        continue;
      }
      if (sending.accepted() == null) {
        unanswered.merge(sending.user, 1, Integer::sum);
      }
      for (Sendings.Attempt attempt : sending.attempts) {
        if (attempt.result() != null) {
          published.add(attempt.result().id());
        }
      }
    }
    for (Message message : log.messages()) {
      if (message.client() != null && sent.contains(message.user() + " " + message.client())
          || published.contains(message.id())) {
        continue;
      }
      if (unanswered.merge(message.user(), -1, Integer::sum) < 0) {
        findings.violated(message + " is stored more often than it was sent", line);
      }
    }
  }

  private static void answers(
      Run run, Sendings sendings, Map<String, Set<String>> stored, Findings findings) {
    for (Sendings.Sending sending : sendings.all()) {
      Sendings.Attempt first = sending.accepted();
      for (Sendings.Attempt attempt : sending.attempts) {
        Result.Accepted accepted = attempt.result();
        if (accepted == null || accepted.id().equals(first.result().id())) {
          continue;
        }
        boolean firstIsGone = run.header().mayLoseData()
            && !stored
                .getOrDefault(sending.ticket, Set.of())
                .contains(first.result().id());
        if (!firstIsGone) {
          findings.violated(
              sending + " was accepted as two messages", first.accepted(), attempt.accepted());
        }
      }
    }
  }

  private static final class Shown implements Places.Watcher {
    private final Findings findings;
    private final Map<String, Map<String, Entry>> shown = new HashMap<>();

    Shown(Findings findings) {
      this.findings = findings;
    }

    @Override
    public void begun(Places.Place place, Entry entry, Result.Joined joined) {
      shown.remove(key(place));
    }

    @Override
    public void dropped(Places.Place place, Entry entry, Message message) {
      findings.count("repeats");
    }

    @Override
    public void taken(Places.Place place, Entry entry, Message message) {
      Map<String, Entry> of = shown.computeIfAbsent(key(place), key -> new HashMap<>());
      Entry before = of.putIfAbsent("id " + message.id(), entry);
      if (message.client() != null) {
        Entry same = of.putIfAbsent(message.user() + " " + message.client(), entry);
        before = before == null ? same : before;
      }
      if (before != null) {
        findings.count("taken_twice");
        findings.violated(place + " takes " + message + " again", before, entry);
      }
    }

    private static String key(Places.Place place) {
      return place.worker + " " + place.ticket;
    }
  }
}
