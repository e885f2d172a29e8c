package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldBodiesTest {
  private final HeldBodies bodies = new HeldBodies(100);
  private final List<String> givenUp = new ArrayList<>();

  @Test
  void theOldestBodyIsGivenUpAtTheBound() {
    Runnable stalled = () -> givenUp.add("stalled");
    Runnable honest = () -> givenUp.add("honest");
    bodies.add(stalled, 90);
    bodies.add(honest, 5);
    assertThat(givenUp).isEmpty();

    bodies.add(honest, 6);

    assertThat(givenUp).containsExactly("stalled");
    assertThat(bodies.bytes()).isEqualTo(11);
  }

  @Test
  void aBodyThatIsPassedOnCountsNoMore() {
    Runnable one = () -> givenUp.add("one");
    bodies.add(one, 60);

    bodies.remove(one);
    bodies.remove(one);

    assertThat(bodies.bytes()).isZero();
    bodies.add(() -> givenUp.add("two"), 90);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void oneBodyThatIsLargerThanAllMayBeIsGivenUpItself() {
    bodies.add(() -> givenUp.add("one"), 101);

    assertThat(givenUp).containsExactly("one");
    assertThat(bodies.bytes()).isZero();
  }
}
