package dev.chatgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How servers other than those configured are dialled. */
class EndpointsTest {
  private static Endpoints endpoints(String... configured) {
    return new Endpoints(new RedisOptions()
        .setType(RedisClientType.CLUSTER)
        .setPassword("of all")
        .setEndpoints(List.of(configured)));
  }

  @Test
  void anotherServerIsDialledAsTheConfiguredOneIs() {
    RedisOptions options = endpoints("rediss://gateway:s%40cret@seed:7000/2?client=pod")
        .to(new ServerAddress("10.0.0.7", 7001));
    assertThat(options.getEndpoints())
        .containsExactly("rediss://gateway:s%40cret@10.0.0.7:7001/2?client=pod");
    assertThat(options.getType()).isEqualTo(RedisClientType.STANDALONE);
    assertThat(options.getMaxPoolSize()).isEqualTo(1);
    assertThat(options.getPoolRecycleTimeout()).isEqualTo(-1);
    assertThat(options.getPassword()).isEqualTo("of all");
  }

  @Test
  void theSameServerIsAlwaysTheSameObject() {
    Endpoints endpoints = endpoints("redis://seed:7000");
    ServerAddress address = new ServerAddress("10.0.0.7", 7001);
    assertThat(endpoints.to(address)).isSameAs(endpoints.to(new ServerAddress("10.0.0.7", 7001)));
    assertThat(endpoints.to(address))
        .isNotSameAs(endpoints.to(new ServerAddress("10.0.0.7", 7002)));
  }

  @Test
  void anAddressOfVersionSixIsInBrackets() {
    assertThat(endpoints("redis://seed").to(new ServerAddress("::1", 7001)).getEndpoint())
        .isEqualTo("redis://[::1]:7001");
  }

  @Test
  void aSentinelIsNotGivenTheDatasCredentials() {
    String seed = "rediss://gateway:secret@seed:26379/2";
    RedisOptions options = endpoints(seed).toSentinel(seed, null, null);
    assertThat(options.getEndpoints()).containsExactly("rediss://seed:26379");
    assertThat(options.getPassword()).isNull();
  }

  @Test
  void aSentinelIsGivenItsOwn() {
    String seed = "redis://gateway:secret@seed:26379";
    assertThat(endpoints(seed).toSentinel(seed, "watcher", "p@ss").getEndpoint())
        .isEqualTo("redis://watcher:p%40ss@seed:26379");
    assertThat(endpoints(seed).toSentinel(seed, null, "p").getEndpoint())
        .isEqualTo("redis://default:p@seed:26379");
  }

  @Test
  void namesOfHostsAreVerifiedWhereNothingElseIsSaid() {
    RedisOptions configured = new RedisOptions().setConnectionString("rediss://seed");
    assertThat(new Endpoints(configured)
            .first()
            .getNetClientOptions()
            .getHostnameVerificationAlgorithm())
        .isEqualTo("HTTPS");
    configured.getNetClientOptions().setHostnameVerificationAlgorithm("");
    assertThat(new Endpoints(configured)
            .first()
            .getNetClientOptions()
            .getHostnameVerificationAlgorithm())
        .isEmpty();
  }
}
