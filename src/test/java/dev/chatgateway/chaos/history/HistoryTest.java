package dev.chatgateway.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final RunHeader HEADER = new RunHeader(
      "run",
      7,
      "none",
      "unknown",
      false,
      false,
      new RunHeader.Bounds(15_000, 10_000, 2_000, 10_000),
      Map.of("1", new RunHeader.Admission(false, List.of("101"))),
      Map.of("pods", "3"));
  private static final Message MESSAGE = new Message("e.1-1", 1, "1", "c-1", "sent");

  @TempDir
  Path folder;

  @Test
  void givesBackEveryKindOfLine() {
    Result.Joined joined = new Result.Joined(
        "e", 1, true, List.of(MESSAGE), List.of("1"), 1, List.of(), Map.of("1", 1L));
    List<Fact> facts = new ArrayList<>(List.of(
        new Link.Opened("1", "ws", "pod-1"),
        new Link.Closed(1006, true),
        new Fact.Fail(2, "forbidden"),
        new Fact.Unknown(2, "closed"),
        new Seen.NewMessage("101", "e", MESSAGE),
        new Seen.StatusUpdate("101", "e.1-1", "read", "2"),
        new Seen.UserJoined("101", "2", 2),
        new Seen.UserLeft("101", "2", 1),
        new Seen.UserTyping("101", "2", true, 10_000),
        new Seen.Notification("101", "e.1-1", 1, "1", 1),
        new Seen.PushedJoin("101", joined),
        new Seen.PutOut("101", "removed"),
        new Seen.Pod("reconnect", "draining", 500),
        new Seen.Error("unavailable", null),
        new Seen.Other("ticket_update", "101"),
        new Fault.Begins("kill", "pod-1", null),
        new Fault.Begins("cut", "pod-1", "pod-1"),
        new Fault.Loses("redis", true),
        new Fault.Ends("kill", "pod-1"),
        new Fault.Stop(),
        new Final.Log("101", "e", List.of(MESSAGE)),
        new Final.View("101", "e", List.of(MESSAGE)),
        new Final.Participants("101", List.of("1")),
        new Final.Presence("1", true, 2),
        new Final.Remaining("pod-1", Map.of("101", List.of("1")), Map.of("1", 1, "2", 0)),
        new Final.Unread("101", "2", 1, 1)));
    for (Op op : List.of(
        new Op.Authenticate(),
        Op.Join.anew("101"),
        new Op.Join("101", "e", 4),
        new Op.Leave("101"),
        new Op.Send("101", "c-1"),
        new Op.Publish("101", "k-1", "1"),
        new Op.Mark("101", "read", null, 4, "e"),
        new Op.Mark("101", "delivered", List.of("e.1-1"), 0, null),
        new Op.Typing("101", true),
        new Op.SetStatus("101", "e.1-1", "read"),
        new Op.ReadLog("101", null, 3L),
        new Op.ReadStatus("101", List.of("e.1-1")),
        new Op.ReadParticipants("101"),
        new Op.ReadTyping("101"),
        new Op.ReadPresence("1"))) {
      facts.add(new Fact.Invoke(op));
    }
    for (Result result : List.of(
        new Result.Done(),
        joined,
        new Result.Accepted("e.1-1", "e", 1, false),
        new Result.Marked(List.of("e.1-1")),
        new Result.Page("e", List.of(MESSAGE), false),
        new Result.Statuses(Map.of("e.1-1", "read")),
        new Result.Users(List.of("1"), 1),
        new Result.Users(List.of("1"), null),
        new Result.Presence(false, 0))) {
      facts.add(new Fact.Ok(2, result));
    }
    Path file = folder.resolve("run.jsonl");
    try (History history = History.begin(file, HEADER)) {
      facts.forEach(fact -> history.write("w", "c", fact));
    }

    List<Entry> entries = HistoryReader.read(file);

    facts.add(0, HEADER);
    assertThat(entries).extracting(Entry::fact).isEqualTo(facts);
    Path copy = folder.resolve("copy.jsonl");
    HistoryReader.write(copy, entries);
    assertThat(copy).hasSameTextualContentAs(file);
  }

  @Test
  void numbersLinesOfManyThreadsInTheOrderOfTheFile() throws Exception {
    Path file = folder.resolve("run.jsonl");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (History history = History.begin(file, HEADER)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Pen pen = history.worker("w" + i);
        all.add(threads.submit(() -> {
          for (int k = 0; k < 1000; k++) {
            long of = pen.invoke("c", new Op.Send("101", pen.worker() + "-" + k));
            pen.unknown(of, "closed");
          }
        }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }

    List<Entry> entries = HistoryReader.read(file);

    assertThat(entries).hasSize(8001);
    assertThat(entries.get(8000).n()).isEqualTo(8001);
    for (Entry entry : entries) {
      if (entry.fact() instanceof Fact.Unknown outcome) {
        Entry asked = entries.get((int) outcome.of() - 1);
        assertThat(asked.fact()).isInstanceOf(Fact.Invoke.class);
        assertThat(asked.worker()).isEqualTo(entry.worker());
      }
    }
  }

  @Test
  void whatIsNoHistoryIsRefused() throws Exception {
    Path headless = Files.writeString(
        folder.resolve("headless.jsonl"),
        "{\"n\":1,\"ns\":1,\"ms\":1,\"fact\":{\"kind\":\"faults_stop\"}}\n");

    assertThatThrownBy(() -> HistoryReader.read(headless)).hasMessageContaining("header");
  }

  @Test
  void makesFactsOfWhatCame() throws Exception {
    ObjectMapper json = new ObjectMapper();

    assertThat(Wire.event("new_message", json.readTree("""
        {"id":"e.1-1","ticket_id":101,"seq":1,"epoch":"e","user_id":1,"user_name":"Ann",
         "is_admin":false,"text":"hi","data":null,"client_id":"c-1","sent_at":"","status":"sent"}
        """)))
        .isEqualTo(new Seen.NewMessage("101", "e", MESSAGE));
    assertThat(Wire.joined(json.readTree("""
        {"ticket_id":101,"participants_count":1,"participants":[{"user_id":1,"user_name":"Ann"}],
         "typing":[{"user_id":2}],"read":{"1":3},"epoch":"e","seq":4,"recovered":true,
         "messages":[],"closed":false}
        """)))
        .isEqualTo(new Result.Joined(
            "e", 4, true, List.of(), List.of("1"), 1, List.of("2"), Map.of("1", 3L)));
    assertThat(Wire.event("ticket_update", json.readTree("{\"ticket_id\":101}")))
        .isEqualTo(new Seen.Other("ticket_update", "101"));
  }
}
