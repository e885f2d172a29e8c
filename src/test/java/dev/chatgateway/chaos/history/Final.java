package dev.chatgateway.chaos.history;

import java.util.List;
import java.util.Map;

/**
 * How things stand at the end: read when the faults are over, all workers that shall come back have
 * come back, and nothing more is sent, marked or typed.
 */
public sealed interface Final extends Fact {

  /** All messages of a ticket that the ticket system can read by HTTP, with their statuses. */
  record Log(String ticket, String epoch, List<Message> messages) implements Final {}

  /**
   * What the worker has of a ticket: messages after it dropped those it had, with the status it
   * knows. A view that was begun with the newest page, or emptied in between, begins there.
   */
  record View(String ticket, String epoch, List<Message> messages) implements Final {}

  /** By HTTP. */
  record Participants(String ticket, List<String> users) implements Final {}

  /** By HTTP. */
  record Presence(String user, boolean connected, int connections) implements Final {}

  /**
   * The very end: who is still there once all clients have ended their connections, by HTTP from one
   * pod.
   *
   * @param participants of each ticket, user ids
   * @param connections of each user
   */
  record Remaining(
      String pod, Map<String, List<String>> participants, Map<String, Integer> connections)
      implements Final {}

  /**
   * How many messages the user was told they have not read.
   *
   * @param seq as of which message of the ticket
   */
  record Unread(String ticket, String user, long seq, long unread) implements Final {}
}
