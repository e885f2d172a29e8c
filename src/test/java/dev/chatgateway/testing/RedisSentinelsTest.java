package dev.chatgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fixture does what tests rely on. */
class RedisSentinelsTest {
  private final RedisSentinels all = RedisSentinels.start();

  @AfterEach
  void end() {
    all.close();
  }

  @Test
  void putAReplicaInThePlaceOfAPrimaryThatWasKilled() {
    RedisServer first = all.primary();
    first.run(redis -> {
      redis.set("chat:k", "v");
      redis.waitReplicas(2, 5000);
    });
    first.kill();
    RedisServer second = all.awaitFailover(first);
    assertThat(second).isNotEqualTo(first);
    assertThat(second.get("chat:k")).isEqualTo("v");

    first.start();
    all.awaitHealthy();
    assertThat(all.replicas()).contains(first);
    assertThat(first.get("chat:k")).isEqualTo("v");
  }

  @Test
  void putAnotherInThePlaceOfAPrimaryThatIsWell() {
    RedisServer first = all.primary();
    assertThat(all.failover()).isNotEqualTo(first);
    all.awaitHealthy();
    assertThat(all.replicas()).contains(first);
  }

  @Test
  void letClientsReachAPrimaryThatIsCutOff() {
    RedisServer first = all.primary();
    all.isolate(first);
    RedisServer second = all.awaitFailover(first);
    first.run(redis -> redis.set("chat:lost", "v"));
    assertThat(first.info("replication")).contains("role:master");

    all.rejoin(first);
    all.awaitHealthy();
    assertThat(all.primary()).isEqualTo(second);
    assertThat(first.get("chat:lost")).isNull();
  }
}
