package dev.chatgateway.chaos.history;

/** An event that came on the entry's connection, unasked. */
public sealed interface Seen extends Fact {

  /** Every {@code new_message} that came, also one the worker then drops because it has its seq. */
  record NewMessage(String ticket, String epoch, Message message) implements Seen {}

  /**
   * @param user by whose mark
   */
  record StatusUpdate(String ticket, String id, String status, String user) implements Seen {}

  record UserJoined(String ticket, String user, int count) implements Seen {}

  record UserLeft(String ticket, String user, int count) implements Seen {}

  record UserTyping(String ticket, String user, boolean on, long expiresInMs) implements Seen {}

  /** {@code ticket_message_notification}. */
  record Notification(String ticket, String id, long seq, String user, long unread)
      implements Seen {}

  /** {@code joined_ticket_chat} that nobody asked for: the room was started anew. */
  record PushedJoin(String ticket, Result.Joined joined) implements Seen {}

  /** {@code left_ticket_chat} that nobody asked for. */
  record PutOut(String ticket, String reason) implements Seen {}

  /**
   * @param says {@code degraded}, {@code restored} or {@code reconnect}
   */
  record Pod(String says, String reason, long delayMs) implements Seen {}

  /**
   * @param event which of the client's events it is about; null where that is not known
   */
  record Error(String code, String event) implements Seen {}

  /**
   * Any other event.
   *
   * @param ticket which ticket it is about; null where it is about none
   */
  record Other(String event, String ticket) implements Seen {}
}
