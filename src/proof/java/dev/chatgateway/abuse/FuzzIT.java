package dev.chatgateway.abuse;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Mutated messages at both doors of a pod, while others use it: none may hurt anybody but who sent
 * it. In a full run a million are handled at each door.
 */
class FuzzIT {
  /** So high that messages are refused for their flaws, and silence is noticed soon. */
  private static final String[] GENEROUS = {
    "chat.limits.bad-frames", "1000000",
    "chat.limits.refused-frames", "1000000",
    "chat.limits.frames.per-second", "1000000",
    "chat.limits.frames.burst", "1000000",
    "chat.limits.messages.per-second", "1000000",
    "chat.limits.messages.burst", "1000000",
    "chat.limits.user-messages.per-second", "1000000",
    "chat.limits.user-messages.burst", "1000000",
    "chat.limits.joins.per-second", "1000000",
    "chat.limits.joins.burst", "1000000",
    "chat.limits.typing.per-second", "1000000",
    "chat.limits.typing.burst", "1000000",
    "chat.limits.connections-per-user", "1000",
    "chat.limits.ping-interval", "2s",
    "chat.limits.pong-timeout", "4s",
    "chat.socketio.ping-interval", "2s",
    "chat.socketio.ping-timeout", "4s"
  };

  /** Both of the above, and time to close. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final double ANSWERED = 0.6;
  private static final double GRANTED = 0.05;
  // Most damaged frames end their connection, as they must.
  private static final double GRANTED_OF_BYTES = 0.02;

  private final List<Attacker> attackers = Attacker.all();

  /** A door as it is reached over a WebSocket. */
  private record Door(String name, URI address, Language language) {}

  @Test
  void mutatedMessagesAtThePlainDoorHurtNobody() {
    abused("plain door", pod -> {
      Door plain = new Door("plain door", pod.chat(), new PlainLanguage());
      Runnable silence = bytes(plain);
      frames(plain, 97);
      silence.run();
      afterCollection(pod, plain);
    });
  }

  @Test
  void mutatedPacketsAtTheSocketIoDoorHurtNobody() {
    abused("Socket.IO", pod -> {
      Door socketIo = new Door("Socket.IO", pod.socketIo(), new SocketIoLanguage());
      Runnable silence = bytes(socketIo);
      run("Socket.IO, polling", 25, new PollingAttack(pod.socketIo(), attackers));
      frames(socketIo, 72);
      silence.run();
      afterCollection(pod, socketIo);
    });
  }

  private static void abused(String what, Consumer<AbusedPod> abuse) {
    System.out.printf("%s: -Dchat.chaos.seed=%d%n", what, Volume.seed());
    List<String> settings = new ArrayList<>(List.of(GENEROUS));
    // Every buffer is watched where there are few, and else a sample.
    settings.addAll(
        List.of("io.netty.leakDetection.level", Volume.isFull() ? "simple" : "paranoid"));
    try (AbusedPod pod = AbusedPod.start(settings.toArray(String[]::new));
        Bystanders bystanders = Bystanders.on(pod)) {
      abuse.accept(pod);
      bystanders.requireUndisturbed(what);
      pod.requireUnharmed();
    }
  }

  private void frames(Door door, int percent) {
    run(door.name() + ", frames", percent, attack(door));
  }

  private FramesAttack attack(Door door) {
    return new FramesAttack(door.address(), door.language(), attackers);
  }

  /** A lost buffer is reported when another is taken after it has been collected. */
  private void afterCollection(AbusedPod pod, Door door) {
    pod.footprint();
    String what = door.name() + ", after a collection";
    Barrage.run(what, Volume.percent(2), attack(door))
        .require(what, ANSWERED, 0); // too few to share
  }

  private static void run(String what, int percent, Barrage.Attack attack) {
    Barrage.run(what, Volume.percent(percent), attack).require(what, ANSWERED, GRANTED);
  }

  /** Throws them now; what is given waits for the end of those that fell silent, and requires. */
  private Runnable bytes(Door door) {
    String what = door.name() + ", bytes";
    BytesAttack attack = new BytesAttack(door.address(), door.language(), attackers);
    // Nearly each of them takes a connection of its own.
    Tally tally = Barrage.run(what, Volume.percent(Volume.isFull() ? 1 : 5), attack);
    return () -> {
      attack.requireSilentOnesOut(SILENCE, tally);
      tally.require(what, ANSWERED, GRANTED_OF_BYTES);
    };
  }
}
