package dev.chatgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/** The fixture does what tests rely on. */
class RedisClusterTest {
  private static RedisCluster cluster;

  @BeforeAll
  static void begin() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Test
  void putsAReplicaInThePlaceOfAPrimaryThatWasKilled() {
    int slot = RedisCluster.slot("chat:{a}:k");
    RedisServer first = cluster.owner(slot);
    first.run(redis -> {
      redis.set("chat:{a}:k", "v");
      redis.waitReplicas(1, 5000);
    });
    first.kill();
    RedisServer second = cluster.awaitFailover(slot, first);
    assertThat(second.get("chat:{a}:k")).isEqualTo("v");

    first.start();
    cluster.awaitHealthy();
    assertThat(cluster.replicaOf(second)).isEqualTo(first);
    assertThat(cluster.failover(second)).isEqualTo(first);
    cluster.awaitHealthy();
  }

  @Test
  void movesASlotStepByStep() {
    int ticket = cluster.ticketOn(cluster.primaries().get(0), 1);
    int slot = RedisCluster.ticketSlot(ticket);
    RedisServer from = cluster.owner(slot);
    RedisServer to = cluster.primaries().get(1);
    String stays = "chat:{t:" + ticket + "}:stays";
    String goes = "chat:{t:" + ticket + "}:goes";
    from.run(redis -> {
      redis.set(stays, "1");
      redis.set(goes, "2");
    });

    SlotMove move = cluster.move(slot, to).begin();
    move.keys(List.of(goes));
    assertThat(move.left()).containsExactly(stays);
    assertThat(from.get(stays)).isEqualTo("1");
    assertThatThrownBy(() -> from.run(redis -> redis.get(goes)))
        .isInstanceOf(JedisAskDataException.class);
    move.finish();

    assertThatThrownBy(() -> from.run(redis -> redis.get(stays)))
        .isInstanceOf(JedisMovedDataException.class);
    assertThat(List.of(to.get(stays), to.get(goes))).containsExactly("1", "2");
    cluster.awaitHealthy();
    assertThat(cluster.owner(slot)).isEqualTo(to);
  }
}
