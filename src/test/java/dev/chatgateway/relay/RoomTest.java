package dev.chatgateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.relay.Room.Verdict;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoomTest {
  private final Room room = new Room("101", 2);

  @BeforeEach
  void isAtMessage5AndEvent3() {
    room.epoch = "e";
    room.seq = 5;
    room.rev = 3;
    room.newestId = "e-5";
    room.newestAt = "1000";
  }

  @Test
  void theNextMessageAndTheNextEventAreDelivered() {
    assertThat(judge("1 m e 6 3 e-6")).isEqualTo(Verdict.DELIVER);
    assertThat(judge("1 s e 5 4")).isEqualTo(Verdict.DELIVER);
    assertThat(judge("1 m e 6 2 e-6")).isEqualTo(Verdict.DELIVER);
  }

  @Test
  void whatItHasHadIsDropped() {
    assertThat(judge("1 m e 5 3 e-5")).isEqualTo(Verdict.DROP);
    assertThat(judge("1 m e 4 3 whatever")).isEqualTo(Verdict.DROP);
    assertThat(judge("1 s e 5 3 1000")).isEqualTo(Verdict.DROP);
    assertThat(judge("1 s e 9 2")).isEqualTo(Verdict.DROP);
  }

  @Test
  void somethingBeforeItIsMissing() {
    assertThat(judge("1 m e 7 3 e-7")).isEqualTo(Verdict.GAP);
    assertThat(judge("1 m e 6 4 e-6")).isEqualTo(Verdict.GAP);
    assertThat(judge("1 s e 5 5")).isEqualTo(Verdict.GAP);
    assertThat(judge("1 s e 6 4")).isEqualTo(Verdict.GAP);
    assertThat(judge("1 m e 9223372036854775807 3 x")).isEqualTo(Verdict.GAP);
  }

  @Test
  void anotherEpochOrSomethingElseInThatPlaceIsAnotherState() {
    assertThat(judge("1 m f 6 3 f-6")).isEqualTo(Verdict.OTHER_STATE);
    assertThat(judge("1 s f 5 4")).isEqualTo(Verdict.OTHER_STATE);
    assertThat(judge("1 m e 5 3 other")).isEqualTo(Verdict.OTHER_STATE);
    assertThat(judge("1 s e 5 3 1001")).isEqualTo(Verdict.OTHER_STATE);
  }

  @Test
  void aTicketThatCameToBeIsHeardFromItsBeginning() {
    room.epoch = "";
    room.seq = 0;
    room.rev = 0;
    assertThat(judge("1 m e 2 0 e-2")).isEqualTo(Verdict.GAP);
    assertThat(room.epoch).isEqualTo("e");
    assertThat(judge("1 m e 1 0 e-1")).isEqualTo(Verdict.DELIVER);
  }

  @Test
  void advancesByWhatItIsTold() {
    room.advance(envelope("1 m e 6 3 e-6"));
    room.advance(envelope("1 s e 6 4 1001"));
    assertThat(room.seq).isEqualTo(6);
    assertThat(room.rev).isEqualTo(4);
    assertThat(judge("1 m e 6 4 e-6")).isEqualTo(Verdict.DROP);
    assertThat(judge("1 m e 7 4 e-7")).isEqualTo(Verdict.DELIVER);
    assertThat(judge("1 s e 6 4 1001")).isEqualTo(Verdict.DROP);
  }

  @Test
  void aMessageWithoutAnIdIsMalformed() {
    assertThatThrownBy(() -> judge("1 m e 5 3")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isEmptyWithoutSeatsOnAnyLoop() {
    assertThat(room.isEmpty()).isTrue();
    room.seatsByLoop[1]++;
    assertThat(room.isEmpty()).isFalse();
  }

  private Verdict judge(String envelope) {
    return room.judge(envelope(envelope));
  }

  private static Envelope envelope(String text) {
    return Envelope.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
