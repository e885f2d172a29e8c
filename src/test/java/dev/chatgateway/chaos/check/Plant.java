package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.HistoryReader;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;

/**
 * Breaks a history in one way, as if the gateway had broken its promise: what the checker has to notice,
 * by the property named, and by no other. {@code Plant NAME IN OUT} does it to a file.
 */
public enum Plant {
  /** A message is accepted, and stored nowhere. */
  LOSS("NothingLost", PlantedMessages::loss),
  /** A message is stored a second time, and everybody gets it. */
  STORED_TWICE("OnceOnly", PlantedMessages::storedTwice),
  /** A client is given a message again, as a new one. */
  SHOWN_TWICE("OnceOnly", PlantedMessages::shownTwice),
  /** One client is given two messages the other way round. */
  SWAP("OneOrder", PlantedMessages::swap),
  /** A message was sent after another was accepted, and is numbered before it. */
  MISORDER("SendOrder", PlantedMessages::misorder),
  /** A live message does not come, and nobody tells. */
  HOLE("NoUntoldHole", PlantedMessages::hole),
  /** A message that was read is delivered. */
  STATUS_BACK("StatusOnlyUp", PlantedStates::statusBack),
  /** A message is read by one who has not marked it. */
  READ_UNSEEN("ReadOnlyAfterSeen", PlantedStates::readUnseen),
  /** Who has gone is still listed, after the bound. */
  GHOST("NoGhosts", PlantedStates::ghost),
  /** A user's entry in a room outlives all their connections. */
  LEAKED_SEAT("EmptyAtTheEnd", PlantedStates::leakedSeat),
  /** A connection's entry outlives it. */
  LEAKED_CONNECTION("EmptyAtTheEnd", PlantedStates::leakedConnection),
  /** Who is there is not listed. */
  NOT_SHOWN("StaysShown", PlantedStays::notShown),
  /** A room is told that somebody left who is there, and that they came. */
  SAID_TO_HAVE_LEFT("StaysShown", PlantedStays::saidToHaveLeft),
  /** One is counted who is not there. */
  MISCOUNT("ParticipantsAgree", PlantedStays::miscount),
  /** One connection is never told that somebody came. */
  NOT_ANNOUNCED("ParticipantsAgree", PlantedStays::notAnnounced),
  /** Who typed is still listed, after the time. */
  TYPING_GHOST("NoTypingGhosts", PlantedStates::typingGhost),
  /** An unread count is one too many. */
  UNREAD("UnreadAgrees", PlantedStates::unread),
  /** A read mark is forgotten by the count. */
  FORGOTTEN_MARK("UnreadAgrees", PlantedStates::forgottenMark),
  /** One who may not enter the ticket is given a message of it. */
  LEAK("NothingToOutsiders", PlantedStates::leak),
  /** A client lacks the newest message at the end. */
  DISAGREEMENT("Agreement", PlantedStates::disagreement);

  private final String property;
  private final BiConsumer<Run, Edit> how;

  Plant(String property, BiConsumer<Run, Edit> how) {
    this.property = property;
    this.how = how;
  }

  /** The name of the property that it violates. */
  public String property() {
    return property;
  }

  /**
   * That history, broken so.
   *
   * @throws NoSuchElementException where there is nothing in it that could be broken so
   */
  public List<Entry> into(List<Entry> entries) {
    Edit edit = new Edit(entries);
    how.accept(new Run(entries), edit);
    return edit.done();
  }

  public static void main(String[] args) {
    List<Entry> entries = HistoryReader.read(Path.of(args[1]));
    HistoryReader.write(Path.of(args[2]), valueOf(args[0]).into(entries));
  }
}
