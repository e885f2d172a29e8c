package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** What was granted. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Result.Done.class, name = "done"),
  @JsonSubTypes.Type(value = Result.Joined.class, name = "joined"),
  @JsonSubTypes.Type(value = Result.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = Result.Marked.class, name = "marked"),
  @JsonSubTypes.Type(value = Result.Page.class, name = "page"),
  @JsonSubTypes.Type(value = Result.Statuses.class, name = "statuses"),
  @JsonSubTypes.Type(value = Result.Users.class, name = "users"),
  @JsonSubTypes.Type(value = Result.Presence.class, name = "presence"),
})
public sealed interface Result {

  /** Nothing more to say. */
  record Done() implements Result {}

  /**
   * A room as of one moment.
   *
   * @param participants user ids
   * @param count how many participants there are said to be
   * @param typing user ids
   * @param read user id to the seq read up to
   */
  record Joined(
      String epoch,
      long seq,
      boolean recovered,
      List<Message> messages,
      List<String> participants,
      int count,
      List<String> typing,
      Map<String, Long> read)
      implements Result {}

  /** A message was stored, or had been before. */
  record Accepted(String id, String epoch, long seq, boolean duplicate) implements Result {}

  /**
   * @param ids the messages that moved
   */
  record Marked(List<String> ids) implements Result {}

  /** A page of a ticket's log, oldest first. */
  record Page(String epoch, List<Message> messages, boolean more) implements Result {}

  /** Message id to status. */
  record Statuses(Map<String, String> statuses) implements Result {}

  /**
   * User ids.
   *
   * @param count how many there are said to be; null where it is not said
   */
  record Users(List<String> users, Integer count) implements Result {}

  /** Of one user. */
  record Presence(boolean connected, int connections) implements Result {}
}
