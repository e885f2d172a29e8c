package dev.chatgateway.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.chaos.check.SimulatedRoom.Client;
import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.HistoryReader;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker passes a history of a gateway that does everything right, and no broken one. */
class CheckerTest {
  @Test
  void whatIsRightPasses(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("right.jsonl");
    HistoryReader.write(file, Conversation.right());

    Verdict verdict = Checker.check(file);

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.ok()).isTrue();
    assertThat(verdict.violated()).hasSize(Property.all().size());
    assertThat(verdict.number("accepted")).isEqualTo(22);
    assertThat(verdict.number("unknown")).isEqualTo(1);
    assertThat(verdict.number("retries_answered")).isEqualTo(1);
    assertThat(verdict.number("probes")).isEqualTo(1);
    assertThat(verdict.number("told_holes")).isZero();
    assertThat(verdict.number("absences")).isEqualTo(1);
    assertThat(verdict.number("unread_judged")).isEqualTo(4);
    assertThat(verdict.number("ghost_ms")).isBetween(11_000L, 15_000L);
    assertThat(verdict.number("first_accepted_ms")).isBetween(0L, 100L);
    assertThat(verdict.number("agreed_after_stop_ms")).isZero();
    assertThat(Report.table(List.of(verdict))).contains("| simulated: kill | 22 |");
    JsonNode row = new ObjectMapper().readTree(Report.json(verdict));
    assertThat(row.at("/ok").asBoolean()).isTrue();
    assertThat(row.at("/numbers/accepted").asInt()).isEqualTo(22);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPlantedIsFoundByItsPropertyAlone(Plant plant) {
    Verdict verdict = Checker.check(plant.into(Conversation.right()));

    assertThat(verdict.refuted()).containsExactly(plant.property());
    assertThat(verdict.violations())
        .isNotEmpty()
        .allSatisfy(violation -> assertThat(violation.lines()).isNotEmpty());
    assertThat(Report.text(List.of(verdict))).contains(plant.property());
  }

  @Test
  void everyPropertyThatIsAboutTheGatewayHasAPlant() {
    List<String> planted = new ArrayList<>(List.of("WellRecorded"));
    for (Plant plant : Plant.values()) {
      planted.add(plant.property());
    }
    assertThat(Property.all()).extracting(Property::name).hasSameElementsAs(Set.copyOf(planted));
  }

  // --- the other ways in which they may be violated

  @Test
  void aRoomThatIsNeverToldThatSomebodyLeftHasAGhost() {
    assertThat(without(entry -> entry.fact() instanceof Seen.UserLeft))
        .containsExactlyInAnyOrder("NoGhosts", "ParticipantsAgree");
  }

  @Test
  void aRoomThatIsNeverToldThatTypingIsOverHasATypingGhost() {
    assertThat(without(entry -> entry.fact() instanceof Seen.UserTyping typing
            && !typing.on()
            && typing.user().equals("1")))
        .containsExactly("NoTypingGhosts");
  }

  @Test
  void whoMayReadTooSlowlyMayMissWhoComesAndTypes() {
    List<Entry> entries = Conversation.right();
    Entry first = entries.get(0);
    RunHeader header = (RunHeader) first.fact();
    Edit edit = new Edit(entries);
    edit.replace(
        first,
        new RunHeader(
            header.name(),
            header.seed(),
            header.fault(),
            header.commit(),
            false,
            false,
            header.bounds(),
            header.users(),
            Map.of(RunHeader.NARROW, "9,2")));
    entries.stream()
        .filter(entry -> "bob".equals(entry.worker()))
        .filter(entry -> entry.fact() instanceof Seen.UserLeft
            || entry.fact() instanceof Seen.UserTyping typing && !typing.on())
        .forEach(edit::remove);

    assertThat(Checker.check(edit.done()).violations()).isEmpty();
  }

  @Test
  void aResumeThatLeavesOutAMessageIsAHole() {
    List<Entry> entries = Conversation.right();
    Edit edit = new Edit(entries);
    entries.stream()
        .filter(entry -> entry.fact() instanceof Fact.Ok ok
            && ok.result() instanceof Result.Joined joined
            && joined.recovered()
            && joined.messages().size() > 1)
        .forEach(entry -> {
          Fact.Ok ok = (Fact.Ok) entry.fact();
          Result.Joined joined = (Result.Joined) ok.result();
          edit.replace(
              entry,
              new Fact.Ok(
                  ok.of(),
                  new Result.Joined(
                      joined.epoch(),
                      joined.seq(),
                      true,
                      joined.messages().subList(1, joined.messages().size()),
                      joined.participants(),
                      joined.count(),
                      joined.typing(),
                      joined.read())));
        });

    Verdict verdict = Checker.check(edit.done());

    assertThat(verdict.refuted()).containsExactly("NoUntoldHole");
  }

  @Test
  void aPublicationWhoseRetryIsStoredAgainIsTwice() {
    List<Entry> entries = Conversation.right();
    Edit edit = new Edit(entries);
    for (Entry entry : entries) {
      if (entry.fact() instanceof Final.Log log && log.ticket().equals("101")) {
        edit.replace(entry, new Final.Log("101", log.epoch(), with(log.messages())));
      } else if (entry.fact() instanceof Final.View view && view.ticket().equals("101")) {
        edit.replace(entry, new Final.View("101", view.epoch(), with(view.messages())));
      }
    }

    Verdict verdict = Checker.check(edit.done());

    assertThat(verdict.refuted()).containsExactly("OnceOnly");
  }

  private static List<Message> with(List<Message> messages) {
    List<Message> more = new ArrayList<>(messages);
    more.add(new Message("again", messages.size() + 1L, "2", null, "sent"));
    return more;
  }

  @Test
  void whoIsInTheRoomAndNotListedIsADisagreement() {
    List<Entry> entries = Conversation.right();
    Edit edit = new Edit(entries);
    entries.stream()
        .filter(entry -> entry.fact() instanceof Final.Participants)
        .forEach(entry -> edit.replace(
            entry,
            new Final.Participants(((Final.Participants) entry.fact()).ticket(), List.of("2"))));

    assertThat(Checker.check(edit.done()).refuted())
        .containsExactlyInAnyOrder("Agreement", "ParticipantsAgree");
  }

  @Test
  void whoIsCalledConnectedLongAfterwardsIsADisagreement() {
    List<Entry> entries = Conversation.right();
    Edit edit = new Edit(entries);
    entries.stream()
        .filter(entry ->
            entry.fact() instanceof Final.Presence presence && presence.user().equals("4"))
        .forEach(entry -> edit.replace(entry, new Final.Presence("4", true, 1)));

    assertThat(Checker.check(edit.done()).refuted()).containsExactly("Agreement");
  }

  @Test
  void anOutsiderWhoLearnsThatATicketIsThereIsALeak() {
    List<Entry> entries = Conversation.right();
    Edit edit = new Edit(entries);
    entries.stream()
        .filter(entry -> entry.fact() instanceof Fact.Fail)
        .forEach(entry ->
            edit.replace(entry, new Fact.Fail(((Fact.Fail) entry.fact()).of(), "ticket_closed")));

    assertThat(Checker.check(edit.done()).refuted()).containsExactly("NothingToOutsiders");
  }

  @Test
  void aPipelinedMessageThatOvertakesIsMisordered() {
    Conversation conversation = new Conversation();
    SimulatedRun run = conversation.talk(false);
    Client bob = conversation.bob;
    long first = run.ask(bob, new Op.Send("102", "first"));
    long second = run.ask(bob, new Op.Send("102", "second"));
    run.ok(bob, second, new Result.Accepted("102.second", "e1", 5, false));
    run.ok(bob, first, new Result.Accepted("102.first", "e1", 6, false));

    assertThat(Checker.check(run.entries()).refuted()).contains("SendOrder");
  }

  @Test
  void aHistoryWithoutItsEndDoesNotPass() {
    assertThat(without(entry -> entry.fact() instanceof Final.Log)).contains("WellRecorded");
    assertThat(without(entry -> entry.fact() instanceof Final.Remaining))
        .containsExactly("WellRecorded");
    assertThat(without(entry -> entry.fact() instanceof Fault.Stop)).contains("WellRecorded");
    assertThat(without(entry -> entry.fact() instanceof Link.Closed)).contains("WellRecorded");
    assertThat(without(entry -> entry.fact() instanceof Fact.Invoke)).contains("WellRecorded");
  }

  private Set<String> without(Predicate<Entry> such) {
    List<Entry> entries = Conversation.right();
    Edit edit = new Edit(entries);
    entries.stream().filter(such).forEach(edit::remove);
    return Checker.check(edit.done()).refuted();
  }
}
