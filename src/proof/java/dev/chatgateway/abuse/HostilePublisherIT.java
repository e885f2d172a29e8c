package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.SafeEncoder;

/** Somebody publishes whatever comes to mind on every channel that a pod hears. */
class HostilePublisherIT {
  private static final int ROUNDS = Volume.of(60, 2_000);
  private static final int AT_ONCE = 25;

  @Test
  void nothingOfItIsDeliveredAndNothingStopped() {
    try (AbusedPod pod = AbusedPod.start()) {
      pod.whileOthersTalk("a hostile publisher", () -> {
        double rejected = pod.metric("chat_relay_rejected_total");
        abuse(new Random(Volume.seed("hostile publisher")));
        assertThat(pod.metric("chat_relay_rejected_total")).isGreaterThan(rejected + ROUNDS);
      });
    }
  }

  private static void abuse(Random random) {
    try (Jedis redis = TestRedis.connect()) {
      List<byte[]> plain = channels(redis, "CHANNELS");
      List<byte[]> sharded = redis.info("server").contains("redis_version:6.")
          ? List.of()
          : channels(redis, "SHARDCHANNELS");
      // The room of those who talk, all pods, and the pod itself.
      assertThat(plain.size() + sharded.size()).isGreaterThanOrEqualTo(3);
      for (int round = 0; round < ROUNDS; round++) {
        Pipeline pipeline = redis.pipelined();
        for (int i = 0; i < AT_ONCE; i++) {
          byte[] forged = forged(random);
          plain.forEach(channel -> pipeline.publish(channel, forged));
          sharded.forEach(
              channel -> pipeline.sendCommand(Protocol.Command.SPUBLISH, channel, forged));
        }
        pipeline.sync();
        breathe();
      }
    }
  }

  // Without it the pod's connection is cut by Redis, as for any subscriber that is too slow.
  private static void breathe() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<byte[]> channels(Jedis redis, String which) {
    Object reply = redis.sendCommand(Protocol.Command.PUBSUB, which);
    Set<String> names = new HashSet<>();
    for (Object name : (List<?>) reply) {
      names.add(SafeEncoder.encode((byte[]) name));
    }
    return new ArrayList<>(names.stream().map(SafeEncoder::encode).toList());
  }

  /** Anything but the very next number with a sound body, which can't be told from a real one. */
  private static byte[] forged(Random random) {
    String kinds = "msjlutkxanvcf?";
    char kind = kinds.charAt(random.nextInt(kinds.length()));
    return switch (random.nextInt(10)) {
      case 0 -> noise(random, 1 + random.nextInt(2_000));
      case 1 -> noise(random, 300_000);
      case 2 -> bytes("1 " + kind);
      case 3 -> bytes("1 " + kind + " e 1 1 id 1 ana\n{\"text\":\"" + AbusedPod.SECRET + "\"}");
      case 4 -> bytes("1 " + kind + "  1 1 id 1 ana\n{}");
      case 5 ->
        bytes("1 " + kind + " \u00e4 " + Long.MAX_VALUE + " " + Long.MAX_VALUE + " id 1 ana\n{}");
      case 6 -> bytes("1 " + kind + " e 1 1 id 1 ana\n" + "{\"a\":".repeat(20_000));
      case 7 -> bytes("1 " + kind + " e " + "9".repeat(40) + " 1\n");
      case 8 -> bytes("1 " + kind + " " + "w ".repeat(400) + "\n{}");
      default -> bytes("2 " + kind + " x\n{}");
    };
  }

  private static byte[] noise(Random random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
