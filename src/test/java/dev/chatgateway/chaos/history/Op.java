package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What can be asked. Over which door: where the entry has a {@code conn}, on it; else by HTTP. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Op.Authenticate.class, name = "authenticate"),
  @JsonSubTypes.Type(value = Op.Join.class, name = "join"),
  @JsonSubTypes.Type(value = Op.Leave.class, name = "leave"),
  @JsonSubTypes.Type(value = Op.Send.class, name = "send"),
  @JsonSubTypes.Type(value = Op.Publish.class, name = "publish"),
  @JsonSubTypes.Type(value = Op.Mark.class, name = "mark"),
  @JsonSubTypes.Type(value = Op.Typing.class, name = "typing"),
  @JsonSubTypes.Type(value = Op.SetStatus.class, name = "set_status"),
  @JsonSubTypes.Type(value = Op.ReadLog.class, name = "read_log"),
  @JsonSubTypes.Type(value = Op.ReadStatus.class, name = "read_status"),
  @JsonSubTypes.Type(value = Op.ReadParticipants.class, name = "read_participants"),
  @JsonSubTypes.Type(value = Op.ReadTyping.class, name = "read_typing"),
  @JsonSubTypes.Type(value = Op.ReadPresence.class, name = "read_presence"),
})
public sealed interface Op {

  /** Answered by {@link Result.Done}. */
  record Authenticate() implements Op {}

  /**
   * Answered by {@link Result.Joined}.
   *
   * @param epoch of the place to resume at; null where the worker has none
   */
  record Join(String ticket, String epoch, long lastSeq) implements Op {
    public static Join anew(String ticket) {
      return new Join(ticket, null, 0);
    }
  }

  /** Answered by {@link Result.Done}. */
  record Leave(String ticket) implements Op {}

  /**
   * Answered by {@link Result.Accepted}. A retry is another invocation with the same {@code client}.
   *
   * @param client the {@code client_id}; unique in the run but for retries
   */
  record Send(String ticket, String client) implements Op {}

  /**
   * The ticket system publishes. Answered by {@link Result.Accepted}.
   *
   * @param key the Idempotency-Key; unique in the run but for retries
   * @param user in whose name
   */
  record Publish(String ticket, String key, String user) implements Op {}

  /**
   * Answered by {@link Result.Marked}.
   *
   * @param status {@code delivered} or {@code read}
   * @param ids null where {@code upToSeq} is given
   * @param upToSeq 0 where ids are given
   * @param epoch sent with upToSeq; null where it was not
   */
  record Mark(String ticket, String status, List<String> ids, long upToSeq, String epoch)
      implements Op {}

  /** Start or stop. Where no reply is asked for, no outcome is written. Else {@link Result.Done}. */
  record Typing(String ticket, boolean on) implements Op {}

  /** The ticket system sets the status of one message. Answered by {@link Result.Marked}. */
  record SetStatus(String ticket, String id, String status) implements Op {}

  /** A page of messages; by HTTP or on a connection. Answered by {@link Result.Page}. */
  record ReadLog(String ticket, Long beforeSeq, Long afterSeq) implements Op {}

  /** Answered by {@link Result.Statuses}. */
  record ReadStatus(String ticket, List<String> ids) implements Op {}

  /** Answered by {@link Result.Users}. */
  record ReadParticipants(String ticket) implements Op {}

  /** Answered by {@link Result.Users}. */
  record ReadTyping(String ticket) implements Op {}

  /** Answered by {@link Result.Presence}. */
  record ReadPresence(String user) implements Op {}
}
