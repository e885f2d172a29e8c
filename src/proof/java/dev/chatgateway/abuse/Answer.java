package dev.chatgateway.abuse;

import java.util.Set;

/**
 * A message of the gateway.
 *
 * @param key in a reply, what the question bore; else null
 * @param code why something was refused; null where it was not
 */
record Answer(What what, String key, String code) {
  /** What it is. */
  enum What {
    REPLY,
    /** The outcome of something that asked for no reply. */
    OUTCOME,
    /** What others did, or the gateway by itself. */
    NEWS,
    /** Asks for a sign of life. */
    PING,
    /** The end of the conversation. */
    END
  }

  static final Answer NEWS = new Answer(What.NEWS, null, null);
  static final Answer PING = new Answer(What.PING, null, null);
  static final Answer END = new Answer(What.END, null, null);

  private static final Set<String> OUTCOMES = Set.of(
      "chat_authenticated",
      "joined_ticket_chat",
      "left_ticket_chat",
      "message_accepted",
      "messages_marked",
      "message_status",
      "typing_users",
      "participants",
      "messages");

  static Answer reply(String key, String code) {
    return new Answer(What.REPLY, key, code);
  }

  static Answer refusal(String code) {
    return new Answer(What.OUTCOME, null, code);
  }

  /** An event that is no error. */
  static Answer event(String name) {
    return OUTCOMES.contains(name) ? new Answer(What.OUTCOME, null, null) : NEWS;
  }
}
