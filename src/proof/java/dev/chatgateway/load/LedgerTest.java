package dev.chatgateway.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;
import org.junit.jupiter.api.Test;

/** The programs' own notion of what was lost must not miss anything. */
class LedgerTest {
  private final Ledger ledger = new Ledger();
  private final Place place = new Place(true);

  LedgerTest() {
    for (int seq = 1; seq <= 5; seq++) {
      ledger.accepted("1", seq, "m" + seq);
    }
    place.joined(snapshot(false, 0));
  }

  @Test
  void whoHasAllLacksNothing() {
    for (int seq = 1; seq <= 5; seq++) {
      assertThat(place.message(message(seq, "m" + seq))).isEqualTo(Place.Step.NEXT);
    }

    assertThat(ledger.compare("1", place)).isEqualTo(new Ledger.Difference(0, 0));
  }

  @Test
  void whatCameWithAResumeCounts() {
    place.message(message(1, "m1"));

    boolean whole = place.joined(
        snapshot(true, 5, message(2, "m2"), message(3, "m3"), message(4, "m4"), message(5, "m5")));

    assertThat(whole).isTrue();
    assertThat(ledger.compare("1", place)).isEqualTo(new Ledger.Difference(0, 0));
  }

  @Test
  void anUnfinishedTicketIsNoticed() {
    place.message(message(1, "m1"));
    place.message(message(2, "m2"));

    assertThat(ledger.compare("1", place)).isEqualTo(new Ledger.Difference(3, 0));
  }

  @Test
  void aResumeThatLeavesOneOutIsNoticed() {
    place.message(message(1, "m1"));

    place.joined(snapshot(true, 5, message(3, "m3"), message(4, "m4"), message(5, "m5")));

    assertThat(ledger.compare("1", place)).isEqualTo(new Ledger.Difference(1, 3));
  }

  @Test
  void anotherMessageInItsPlaceIsNoticed() {
    for (int seq = 1; seq <= 5; seq++) {
      place.message(message(seq, seq == 3 ? "other" : "m" + seq));
    }

    assertThat(ledger.compare("1", place)).isEqualTo(new Ledger.Difference(0, 1));
  }

  @Test
  void repeatsAndHolesAreNoticed() {
    place.message(message(1, "m1"));

    assertThat(place.message(message(1, "m1"))).isEqualTo(Place.Step.AGAIN);
    assertThat(place.message(message(3, "m3"))).isEqualTo(Place.Step.AHEAD);
  }

  private static ObjectNode message(long seq, String clientId) {
    return Door.JSON
        .createObjectNode()
        .put("seq", seq)
        .put("epoch", "e")
        .put("client_id", clientId);
  }

  private static ObjectNode snapshot(boolean recovered, long seq, ObjectNode... messages) {
    ArrayNode list = Door.JSON.createArrayNode();
    for (ObjectNode one : messages) {
      list.add(one);
    }
    ObjectNode snapshot =
        Door.JSON.createObjectNode().put("recovered", recovered).put("seq", seq).put("epoch", "e");
    snapshot.set("messages", list);
    return snapshot;
  }
}
