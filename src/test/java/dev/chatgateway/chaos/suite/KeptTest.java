package dev.chatgateway.chaos.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptTest {
  private static final Message FIRST = new Message("e-1", 1, "ana", "c1", "sent");
  private static final Message SECOND = new Message("e-2", 2, "ana", "c2", "sent");
  private static final Message THIRD = new Message("e-3", 3, "ana", "c1", "sent");

  @Test
  void findsNothingWhereNothingIsWrong() {
    assertThat(Kept.violations(history(
            accepted("e-1", 1), heard(FIRST), heard(SECOND), new Final.Log("1", "e", List.of(FIRST, SECOND)))))
        .isEmpty();
  }

  @Test
  void findsAnAcceptedMessageThatIsNotInTheLog() {
    assertThat(Kept.violations(
            history(accepted("e-2", 2), new Final.Log("1", "e", List.of(FIRST)))))
        .singleElement()
        .asString()
        .startsWith("accepted and lost");
  }

  @Test
  void findsAnAcceptedMessageByAnotherNumber() {
    assertThat(Kept.violations(
            history(accepted("e-1", 2), new Final.Log("1", "e", List.of(FIRST)))))
        .singleElement()
        .asString()
        .startsWith("accepted by another number");
  }

  @Test
  void findsAMessageStoredTwice() {
    assertThat(Kept.violations(
            history(new Final.Log("1", "e", List.of(FIRST, SECOND, THIRD)))))
        .singleElement()
        .asString()
        .startsWith("stored twice");
  }

  @Test
  void findsAGap() {
    assertThat(Kept.violations(history(heard(SECOND))))
        .singleElement()
        .asString()
        .startsWith("after seq 0 came");
  }

  @Test
  void findsWhatComesTwice() {
    assertThat(Kept.violations(history(heard(FIRST), heard(FIRST))))
        .singleElement()
        .asString()
        .startsWith("after seq 1 came");
  }

  private static Seen heard(Message message) {
    return new Seen.NewMessage("1", "e", message);
  }

  private static Fact accepted(String id, long seq) {
    return new Fact.Ok(4, new Result.Accepted(id, "e", seq, false));
  }

  private static List<Entry> history(Fact... facts) {
    Result.Joined joined =
        new Result.Joined("e", 0, false, List.of(), List.of(), List.of(), Map.of());
    List<Fact> all = new ArrayList<>(List.of(
        new RunHeader("run", 1, "none", "", false, null, Map.of(), Map.of()),
        new Fact.Invoke(Op.Join.anew("1")),
        new Fact.Ok(2, joined),
        new Fact.Invoke(new Op.Send("1", "c1"))));
    all.addAll(List.of(facts));
    List<Entry> entries = new ArrayList<>();
    for (Fact fact : all) {
      long n = entries.size() + 1;
      entries.add(new Entry(n, n, n, "w", "w-1", fact));
    }
    return entries;
  }
}
