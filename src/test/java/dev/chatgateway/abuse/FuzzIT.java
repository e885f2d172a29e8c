package dev.chatgateway.abuse;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Mutated frames at both doors of a pod, while others use it: no frame may hurt anybody but who sent
 * it. In a full run a million at each door.
 */
class FuzzIT {
  /** So high that most frames get as far as to be handled. */
  private static final String[] GENEROUS = {
    "chat.limits.bad-frames", "1000000",
    "chat.limits.refused-frames", "1000000",
    "chat.limits.frames.per-second", "1000000",
    "chat.limits.frames.burst", "1000000",
    "chat.limits.joins.per-second", "1000000",
    "chat.limits.typing.per-second", "1000000",
    "chat.limits.connections-per-user", "1000"
  };

  private static void abused(String what, Consumer<AbusedPod> abuse, String... settings) {
    String[] all = new String[GENEROUS.length + settings.length];
    System.arraycopy(GENEROUS, 0, all, 0, GENEROUS.length);
    System.arraycopy(settings, 0, all, GENEROUS.length, settings.length);
    try (AbusedPod pod = AbusedPod.start(all);
        Bystanders bystanders = Bystanders.on(pod)) {
      abuse.accept(pod);
      bystanders.requireUndisturbed(what);
      pod.requireUnharmed();
    }
  }

  private static void plain(AbusedPod pod, int json, int bytes) {
    PlainAttack attack = new PlainAttack(pod.chat());
    Barrage.run("plain door, JSON", json, attack::json);
    Barrage.run("plain door, bytes", bytes, attack::bytes);
  }

  private static void socketIo(AbusedPod pod, int packets, int bytes, int polling) {
    SocketIoAttack attack = new SocketIoAttack(pod.socketIo());
    Barrage.run("Socket.IO, WebSocket packets", packets, attack::packets);
    Barrage.run("Socket.IO, WebSocket bytes", bytes, attack::bytes);
    Barrage.run("Socket.IO, polling", polling, attack::polling);
  }

  @Test
  void mutatedFramesAtThePlainDoorHurtNobody() {
    abused("plain door", pod -> plain(pod, Volume.of(4_000, 900_000), Volume.of(1_000, 100_000)));
  }

  @Test
  void mutatedPacketsAtTheSocketIoDoorHurtNobody() {
    abused(
        "Socket.IO",
        pod -> socketIo(
            pod, Volume.of(3_000, 700_000), Volume.of(500, 50_000), Volume.of(2_000, 250_000)));
  }

  @Test
  void noBufferLeaks() {
    abused(
        "both doors, leak detection",
        pod -> {
          plain(pod, Volume.of(1_000, 50_000), Volume.of(500, 10_000));
          socketIo(pod, Volume.of(1_000, 50_000), Volume.of(300, 5_000), Volume.of(1_000, 20_000));
          // A leak is reported when a buffer is taken after the lost one has been collected.
          pod.footprint();
          plain(pod, 300, 50);
        },
        "io.netty.leakDetection.level",
        "paranoid");
  }
}
