package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is no request is refused, and a stranger can't fill the log with it. */
class BadRequestsIT {
  private static final int NO_ANSWER = 0;
  private static final int ROUNDS = Volume.of(3, 100);

  @Test
  void whatIsNoRequestIsRefusedWithoutAWord() {
    Map<String, byte[]> all = BadRequests.all();
    try (AbusedPod pod = AbusedPod.start("chat.limits.request-timeout", "500ms")) {
      // Unlike elsewhere, there must be no line at all: each is thrown a few times only.
      int lines = pod.process().log().split("\n").length;
      pod.whileOthersTalk("bad requests", () -> {
        for (int i = 0; i < ROUNDS; i++) {
          Map<String, Integer> answers = throwAll(pod, all);
          if (i == 0) {
            System.out.println("bad requests were answered with " + answers);
          }
        }
      });
      List<String> log = List.of(pod.process().log().split("\n"));
      assertThat(log.subList(lines, log.size()))
          .filteredOn(line -> !line.contains("[dev.chatgateway.")) // of a store that is slow
          .isEmpty();
    }
  }

  private static Map<String, Integer> throwAll(AbusedPod pod, Map<String, byte[]> all) {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Integer>> calls = new ArrayList<>();
      all.values().forEach(request -> calls.add(() -> answer(pod, request)));
      List<Future<Integer>> done = threads.invokeAll(calls);
      Map<String, Integer> answers = new TreeMap<>();
      int i = 0;
      for (String name : all.keySet()) {
        answers.put(name, done.get(i++).get());
      }
      assertThat(answers)
          .as("answers, none of which may be the gateway's fault")
          .allSatisfy((name, status) -> assertThat(status)
              .isIn(
                  NO_ANSWER, 101, 200, 204, 400, 401, 403, 404, 405, 411, 413, 414, 415, 417, 426,
                  431, 501, 505));
      return answers;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int answer(AbusedPod pod, byte[] request) {
    RawSocket raw = RawSocket.connect(pod.chat());
    try {
      raw.patience(Duration.ofSeconds(10));
      raw.write(request);
      return raw.readStatus();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof SocketTimeoutException) {
        throw e; // neither answered nor closed
      }
      return NO_ANSWER;
    } finally {
      raw.reset();
    }
  }
}
