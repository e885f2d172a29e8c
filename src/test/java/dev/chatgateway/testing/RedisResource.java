package dev.chatgateway.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import java.util.Map;
import java.util.UUID;

/**
 * Points the application of every {@code @QuarkusTest} at {@link TestRedis}, with keys of its own.
 * It is in effect by the annotation here; tests needn't name it.
 */
@WithTestResource(value = RedisResource.class, scope = TestResourceScope.GLOBAL)
public class RedisResource implements QuarkusTestResourceLifecycleManager {
  @Override
  public Map<String, String> start() {
    return Map.of(
        "quarkus.redis.hosts", TestRedis.uri(),
        "chat.redis.key-prefix", newKeyPrefix());
  }

  @Override
  public void stop() {
    // It lasts as long as the JVM.
  }

  /** A prefix that no other test has; of those that the gateway's user in Redis may use. */
  public static String newKeyPrefix() {
    return "chat:t" + UUID.randomUUID().toString().substring(0, 8) + ":";
  }
}
