package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What one line of a history says. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunHeader.class, name = "run"),
  @JsonSubTypes.Type(value = Link.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = Link.Closed.class, name = "closed"),
  @JsonSubTypes.Type(value = Fact.Invoke.class, name = "invoke"),
  @JsonSubTypes.Type(value = Fact.Ok.class, name = "ok"),
  @JsonSubTypes.Type(value = Fact.Fail.class, name = "fail"),
  @JsonSubTypes.Type(value = Fact.Unknown.class, name = "unknown"),
  @JsonSubTypes.Type(value = Seen.NewMessage.class, name = "new_message"),
  @JsonSubTypes.Type(value = Seen.StatusUpdate.class, name = "message_status_update"),
  @JsonSubTypes.Type(value = Seen.UserJoined.class, name = "user_joined"),
  @JsonSubTypes.Type(value = Seen.UserLeft.class, name = "user_left"),
  @JsonSubTypes.Type(value = Seen.UserTyping.class, name = "user_typing"),
  @JsonSubTypes.Type(value = Seen.Notification.class, name = "ticket_message_notification"),
  @JsonSubTypes.Type(value = Seen.PushedJoin.class, name = "joined_ticket_chat"),
  @JsonSubTypes.Type(value = Seen.PutOut.class, name = "left_ticket_chat"),
  @JsonSubTypes.Type(value = Seen.Pod.class, name = "pod"),
  @JsonSubTypes.Type(value = Seen.Error.class, name = "error"),
  @JsonSubTypes.Type(value = Seen.Other.class, name = "other"),
  @JsonSubTypes.Type(value = Fault.Begins.class, name = "fault_begins"),
  @JsonSubTypes.Type(value = Fault.Loses.class, name = "fault_loses"),
  @JsonSubTypes.Type(value = Fault.Ends.class, name = "fault_ends"),
  @JsonSubTypes.Type(value = Fault.Stop.class, name = "faults_stop"),
  @JsonSubTypes.Type(value = Final.Log.class, name = "final_log"),
  @JsonSubTypes.Type(value = Final.View.class, name = "final_view"),
  @JsonSubTypes.Type(value = Final.Participants.class, name = "final_participants"),
  @JsonSubTypes.Type(value = Final.Presence.class, name = "final_presence"),
  @JsonSubTypes.Type(value = Final.Remaining.class, name = "final_remaining"),
  @JsonSubTypes.Type(value = Final.Unread.class, name = "final_unread"),
})
public sealed interface Fact
    permits RunHeader, Link, Fact.Invoke, Fact.Ok, Fact.Fail, Fact.Unknown, Seen, Fault, Final {

  /** Something is asked. The number of its entry is what the outcome names as {@code of}. */
  record Invoke(Op op) implements Fact {}

  /** It was granted. */
  record Ok(long of, Result result) implements Fact {}

  /**
   * It was refused.
   *
   * @param code the error code of the protocol; for HTTP, that of the problem document
   */
  record Fail(long of, String code) implements Fact {}

  /** No answer came: it may have been done, or be done yet. */
  record Unknown(long of, String why) implements Fact {}
}
