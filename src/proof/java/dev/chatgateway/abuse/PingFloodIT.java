package dev.chatgateway.abuse;

import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.PING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pings and pongs without end, at both doors. */
class PingFloodIT {
  private static final int PONG = 0xA;
  private static final int BATCHES = Volume.of(20, 2_000);
  private static final int BATCH = 500;

  private static AbusedPod pod;

  @BeforeAll
  static void start() {
    pod = AbusedPod.start();
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  private static RawSocket open(URI door, int receiveBuffer) {
    String token = Tokens.user("flood").sign();
    RawSocket raw =
        RawSocket.open(door, receiveBuffer, new byte[0], "Authorization: Bearer " + token);
    raw.patience(Duration.ofSeconds(30));
    if (door.equals(pod.socketIo())) {
      raw.write(RawSocket.text("40"));
    }
    raw.readText("chat_authenticated");
    return raw;
  }

  private static byte[] many(byte[] frame) {
    return RawSocket.join(Collections.nCopies(BATCH, frame).toArray(byte[][]::new));
  }

  @Test
  void eachPingIsAnsweredWhileOthersTalk() {
    byte[] pings = many(RawSocket.frame(FINAL | PING, new byte[] {1, 2, 3}));
    pod.whileOthersTalk("pings", () -> {
      for (URI door : List.of(pod.chat(), pod.socketIo())) {
        try (RawSocket raw = open(door, 0)) {
          for (int i = 0; i < BATCHES; i++) {
            raw.write(pings);
            for (int pongs = 0; pongs < BATCH; ) {
              RawSocket.Frame frame = raw.read();
              assertThat(frame).as("the connection goes on").isNotNull();
              assertThat(frame.opcode()).isNotEqualTo(RawSocket.CLOSE);
              if (frame.opcode() == PONG) {
                assertThat(frame.payload()).containsExactly(1, 2, 3);
                pongs++;
              }
            }
          }
          raw.reset();
        }
      }
    });
  }

  @Test
  void pongsThatNobodyAskedForAreNoMatter() {
    byte[] pongs = many(RawSocket.frame(FINAL | PONG, new byte[125]));
    byte[] ping = RawSocket.frame(FINAL | PING, new byte[] {9});
    pod.whileOthersTalk("pongs", () -> {
      for (URI door : List.of(pod.chat(), pod.socketIo())) {
        try (RawSocket raw = open(door, 0)) {
          for (int i = 0; i < BATCHES; i++) {
            raw.write(pongs);
          }
          raw.write(ping);
          RawSocket.Frame frame;
          do {
            frame = raw.read();
            assertThat(frame).isNotNull();
          } while (frame.opcode() != PONG);
          raw.reset();
        }
      }
    });
  }

  @Test
  void whoDoesNotReadThePongsGetsNoMoreOfThemThanTheQueueHolds() {
    byte[] pings = many(RawSocket.frame(FINAL | PING, new byte[125]));
    pod.whileOthersTalk("pings without reading", () -> {
      try (RawSocket raw = open(pod.chat(), 4_096)) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        boolean ended = false;
        while (!ended && System.nanoTime() < deadline) {
          try {
            raw.write(pings);
          } catch (UncheckedIOException e) {
            ended = true;
          }
        }
        assertThat(ended).isTrue();
        raw.reset();
      }
      assertThat(pod.metric("chat_connections_closed_total{code=\"4408\"}")).isEqualTo(1);
    });
  }

  /** On Socket.IO pongs are packets as well; of the client's own, only a probe is answered. */
  @Test
  void packetsThatSayNothingHarmNobody() {
    byte[] packets = many(RawSocket.text("3"));
    pod.whileOthersTalk("pong packets", () -> {
      try (RawSocket raw = open(pod.socketIo(), 0)) {
        for (int i = 0; i < BATCHES; i++) {
          raw.write(packets);
        }
        raw.write(RawSocket.text("4299[\"none\",{}]"));
        assertThat(raw.readText("4399[")).contains("unknown_event");
        raw.reset();
      }
    });
  }
}
