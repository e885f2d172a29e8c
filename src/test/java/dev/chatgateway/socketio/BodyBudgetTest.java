package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private final BodyBudget budget = new BodyBudget(100);
  private final List<String> givenUp = new ArrayList<>();

  @Test
  void theOldestBodyIsGivenUpAtTheBound() {
    Runnable stalled = () -> givenUp.add("stalled");
    Runnable honest = () -> givenUp.add("honest");
    budget.add(stalled, 90);
    budget.add(honest, 5);
    assertThat(givenUp).isEmpty();

    budget.add(honest, 6);

    assertThat(givenUp).containsExactly("stalled");
    assertThat(budget.bytes()).isEqualTo(11);
  }

  @Test
  void aBodyThatIsPassedOnCountsNoMore() {
    Runnable one = () -> givenUp.add("one");
    budget.add(one, 60);

    budget.remove(one);
    budget.remove(one);

    assertThat(budget.bytes()).isZero();
    budget.add(() -> givenUp.add("two"), 90);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void oneBodyThatIsLargerThanAllMayBeIsGivenUpItself() {
    budget.add(() -> givenUp.add("one"), 101);

    assertThat(givenUp).containsExactly("one");
    assertThat(budget.bytes()).isZero();
  }
}
