package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeatTest {
  private final SessionFixture fixture = new SessionFixture();
  private final SessionFixture.Sent sent = new SessionFixture.Sent();
  private final Session session = fixture.session("7", false, sent);
  private final Seat seat = new Seat(session, "101");
  private final List<Broadcast> made = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    fixture.close();
    assertThat(made).as("encodings that nobody frees").allMatch(b -> b.refCnt() == 0);
  }

  @Test
  void whatTheSnapshotCoversIsNotToldTwiceAndWhatFollowsIsToldInOrder() {
    for (int seq = 4; seq <= 7; seq++) {
      offer("e", seq, 0, true);
    }
    offer("e", 7, 3, false);
    offer("e", 7, 4, false);
    assertThat(sent.events).isEmpty();
    assertThat(seat.waiting()).isEqualTo(6);

    seat.goLive("e", 5, 3);
    offer("e", 8, 4, true);

    assertThat(sent.events).containsExactly("m6", "m7", "r4", "m8");
    assertThat(seat.seq()).isEqualTo(8);
    assertThat(seat.rev()).isEqualTo(4);
    assertThat(seat.isLive()).isTrue();
  }

  @Test
  void messagesAndOtherEventsAreCountedApart() {
    seat.goLive("e", 5, 9);
    offer("e", 6, 9, true);
    offer("e", 6, 9, false);
    offer("e", 6, 10, false);
    assertThat(sent.events).containsExactly("m6", "r10");
  }

  @Test
  void aDuplicateIsDropped() {
    seat.goLive("e", 0, 0);
    offer("e", 1, 0, true);
    offer("e", 1, 0, true);
    offer("e", 1, 1, false);
    offer("e", 1, 1, false);
    assertThat(sent.events).containsExactly("m1", "r1");
  }

  @Test
  void anotherEpochIsNotHeardUntilItsSnapshot() {
    seat.goLive("e", 5, 0);
    offer("f", 6, 0, true);
    seat.hold();
    offer("e", 6, 0, true);
    offer("f", 1, 0, true);
    offer("f", 2, 0, true);
    seat.goLive("f", 1, 0);
    assertThat(sent.events).containsExactly("m2");
    assertThat(seat.epoch()).isEqualTo("f");
  }

  @Test
  void holdingQueuesAgain() {
    seat.goLive("e", 1, 0);
    seat.hold();
    seat.hold();
    offer("e", 2, 0, true);
    assertThat(sent.events).isEmpty();
    seat.goLive("e", 1, 0);
    assertThat(sent.events).containsExactly("m2");
  }

  @Test
  void staleIsToldOnce() {
    assertThat(seat.takeStale()).isFalse();
    seat.markStale();
    assertThat(seat.takeStale()).isTrue();
    assertThat(seat.takeStale()).isFalse();
  }

  @Test
  void whatWaitsIsFreedWithTheSeat() {
    offer("e", 1, 0, true);
    offer("e", 2, 0, true);
    seat.discard();
    assertThat(seat.waiting()).isZero();
    seat.goLive("e", 0, 0);
    assertThat(sent.events).isEmpty();
  }

  @Test
  void theOneItIsAboutIsLeftOutButCounted() {
    seat.goLive("e", 0, 0);
    RoomEvent typing = event("e", 0, 1, false, "7");
    seat.offer(typing);
    typing.release();
    offer("e", 0, 1, false);
    assertThat(sent.events).isEmpty();
    assertThat(seat.rev()).isEqualTo(1);
  }

  @Test
  void whatOnlyMattersNowGoesFirstAndThenTheConnection() {
    seat.goLive("e", 0, 0);
    sent.pending = 200 * 1024;
    offer("e", 0, 1, false);
    offer("e", 1, 1, true);
    assertThat(sent.events).containsExactly("m1");
    assertThat(sent.closed).isNull();

    sent.pending = 300 * 1024;
    offer("e", 2, 1, true);
    assertThat(sent.events).containsExactly("m1");
    assertThat(sent.closed).isEqualTo(CloseCode.TOO_SLOW);
  }

  @Test
  void whoWasSeatedAfterAnEventIsSparedItsActionAndWhoWasBeforeIsNot() {
    List<Seat> put = new ArrayList<>();
    seat.goLive("e", 5, 3);
    seat.offer(new RoomEvent("e", 5, 3, false, null, List.of(), put::add));
    assertThat(put).isEmpty();

    seat.offer(new RoomEvent("d", 9, 9, false, null, List.of(), put::add));
    assertThat(put).as("of an earlier epoch").isEmpty();

    seat.offer(new RoomEvent("e", 5, 4, false, null, List.of(), put::add));
    assertThat(put).containsExactly(seat);
  }

  @Test
  void whoseTokenIsOverHearsNothingUntilTheRoomIsToldAnew() {
    List<Seat> put = new ArrayList<>();
    seat.goLive("e", 5, 3);
    session.awaitTokenAnew(Instant.now().plusSeconds(600));
    session.tick(
        fixture.limits(),
        System.nanoTime(),
        System.currentTimeMillis() + SessionFixture.TOKEN_LIFETIME.toMillis());
    offer("e", 6, 3, true);
    fixture.authenticate(session, "7", false);
    offer("e", 7, 3, true);
    seat.offer(new RoomEvent("e", 7, 4, false, null, List.of(), put::add));
    assertThat(sent.events).isEmpty();
    assertThat(seat.seq()).as("where to go on").isEqualTo(5);
    assertThat(put).as("but is put out").containsExactly(seat);

    assertThat(seat.takeMissed()).isTrue();
    assertThat(seat.takeMissed()).isFalse();
    seat.hold();
    offer("e", 8, 4, true);
    seat.goLive("e", 7, 4);
    assertThat(sent.events).containsExactly("m8");
  }

  @Test
  void anActionDoesNotWaitForASnapshot() {
    List<Seat> put = new ArrayList<>();
    offer("e", 5, 2, false);
    seat.offer(new RoomEvent("e", 5, 3, false, null, List.of(), put::add));
    assertThat(put).containsExactly(seat);
    assertThat(seat.waiting()).isEqualTo(1);
    seat.discard();
  }

  @Test
  void whileMessagesFollowTheRestOvertakesAndNewMessagesAreLeftToTheStore() {
    seat.follow("e", 5, 3);
    offer("e", 6, 3, true);
    offer("e", 6, 4, false);
    assertThat(sent.events).containsExactly("r4");
    assertThat(seat.isFollowing()).isTrue();

    seat.startReading();
    offer("e", 7, 4, true);
    assertThat(seat.caughtUp(6, 4, 6, true)).isTrue();
    assertThat(sent.events).containsExactly("r4", "m7");
    assertThat(seat.isLive()).isTrue();
  }

  @Test
  void aSeatIsNotLiveWhileThereIsMoreToRead() {
    seat.follow("e", 5, 3);
    seat.startReading();
    assertThat(seat.caughtUp(6, 3, 9, true)).as("the page was full").isFalse();
    seat.startReading();
    for (int seq = 10; seq <= 100; seq++) {
      offer("e", seq, 3, true);
    }
    assertThat(seat.caughtUp(9, 3, 9, true)).as("not all of them are kept").isFalse();
    seat.startReading();
    assertThat(seat.caughtUp(100, 3, 100, true)).isTrue();
    assertThat(sent.events).isEmpty();
  }

  @Test
  void aSeatIsNotLiveBeforeItsRoomHasHeardOfWhatWasRead() {
    seat.follow("e", 5, 3);
    seat.startReading();
    assertThat(seat.caughtUp(6, 4, 6, true)).isFalse();
    offer("e", 6, 4, false);
    seat.startReading();
    assertThat(seat.caughtUp(6, 4, 6, true)).isTrue();
  }

  @Test
  void aStatusIsToldWhereTheClientHasTheMessageAndDoesNotKnow() {
    seat.follow("e", 5, 3);
    offerStatus(4, "a");
    offerStatus(5, "b");
    offerStatus(6, "c");
    offerStatus(7, "c");
    assertThat(sent.events).isEmpty();

    assertThat(seat.lateStatuses(9)).containsExactly("a", "b", "c");
    seat.startReading();
    seat.tellStatus("a", 5);
    seat.tellStatus("b", 6);
    seat.tellStatus("c", 0);
    offerStatus(8, "d");
    assertThat(seat.caughtUp(6, 7, 6, true)).isTrue();
    assertThat(sent.events).containsExactly("a of 4", "d of 8");
  }

  @Test
  void aStatusThatAMessageCameWithIsNotToldAgain() {
    seat.follow("e", 5, 3);
    seat.startReading();
    offerStatus(4, "a"); // the room hears late of what the page has already
    assertThat(seat.caughtUp(6, 4, 6, true)).isFalse();
    seat.startReading();
    seat.tellStatus("a", 6);
    assertThat(seat.caughtUp(6, 4, 6, true)).isTrue();
    assertThat(sent.events).isEmpty();
  }

  @Test
  void moreMessagesThanAreKeptWhileASnapshotIsFetchedFollowFromTheStore() {
    for (int seq = 1; seq <= 100; seq++) {
      offer("e", seq, 0, true);
    }
    offer("e", 100, 1, false);
    assertThat(seat.goLive("e", 10, 0)).isFalse();
    assertThat(seat.isFollowing()).isTrue();
    assertThat(sent.events).containsExactly("r1");
    seat.discard();
  }

  @Test
  void anotherSnapshotEndsWhatWasToFollow() {
    seat.follow("e", 5, 3);
    seat.startReading();
    offer("e", 6, 3, true);
    offerStatus(4, "a");
    int turn = seat.hold();
    assertThat(seat.isFollowing()).isFalse();
    assertThat(seat.isLatest(turn)).isTrue();
    assertThat(seat.goLive("f", 1, 1)).isTrue();
    offer("f", 2, 1, true);
    assertThat(sent.events).containsExactly("m2");
  }

  @Test
  void whoNeedsNoSnapshotGoesOnWithWhatWasToFollow() {
    seat.follow("e", 5, 3);
    seat.hold();
    offer("e", 6, 3, true);
    assertThat(seat.goOn()).isFalse();
    assertThat(seat.isFollowing()).isTrue();
    assertThat(sent.events).isEmpty();
  }

  private void offerStatus(long rev, String messageId) {
    Broadcast broadcast =
        Broadcast.ofStatus(new ServerEvent(messageId + " of " + rev, new byte[0]), messageId);
    made.add(broadcast);
    RoomEvent event = new RoomEvent("e", 6, rev, false, null, List.of(broadcast));
    seat.offer(event);
    event.release();
  }

  private void offer(String epoch, long seq, long rev, boolean isMessage) {
    RoomEvent event = event(epoch, seq, rev, isMessage, null);
    seat.offer(event);
    event.release();
  }

  private RoomEvent event(String epoch, long seq, long rev, boolean isMessage, String except) {
    String name = isMessage ? "m" + seq : "r" + rev;
    Broadcast broadcast = new Broadcast(new ServerEvent(name, new byte[0]), !isMessage);
    made.add(broadcast);
    return new RoomEvent(epoch, seq, rev, isMessage, except, List.of(broadcast));
  }
}
