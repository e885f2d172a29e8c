package dev.chatgateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.session.Seat;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class ResequencerTest {
  private final Room room = new Room("7", 1);
  private final Resequencer resequencer = new Resequencer(null, null, 1, null, null, null);

  @Test
  void whoHasLeftNoLongerWaitsForARoomThatDoesNotComeToLife() {
    Seat stays = new Seat(null, "7");
    resequencer.whenLive(room, stays, Promise.promise());
    for (int i = 0; i < 100; i++) {
      Seat leaves = new Seat(null, "7");
      resequencer.whenLive(room, leaves, Promise.promise());
      resequencer.left(room, leaves);
    }
    assertThat(room.waitingForPosition).containsOnlyKeys(stays);
  }
}
