package dev.chatgateway.chaos.history;

/** A connection's beginning and end. Which connection: the entry's {@code conn}. */
public sealed interface Link extends Fact {

  /**
   * @param door {@code ws}, {@code sio} or, for Socket.IO by polling, {@code poll}
   * @param pod which pod it reached; null where that can't be known
   */
  record Opened(String user, String door, String pod) implements Link {}

  /**
   * The connection is gone, whoever ended it. Its user's presence ends by it.
   *
   * @param code the close code; 1006 where there was none
   * @param byClient the worker dropped or closed it
   */
  record Closed(int code, boolean byClient) implements Link {}
}
