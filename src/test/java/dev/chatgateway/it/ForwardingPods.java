package dev.chatgateway.it;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import java.util.stream.Stream;

/** Two pods that forward to each other: one has the sessions, the other is asked for them. */
final class ForwardingPods implements AutoCloseable {
  final String keyPrefix = RedisResource.newKeyPrefix();
  final PodProcess owner;
  final PodProcess other;

  /**
   * @param more settings as of {@link PodProcess#launch}
   */
  ForwardingPods(String... more) {
    String[] settings = Stream.concat(
            Stream.of("chat.redis.key-prefix", keyPrefix), Stream.of(more))
        .toArray(String[]::new);
    owner = PodProcess.start(settings);
    other = PodProcess.start(settings);
  }

  @Override
  public void close() {
    owner.close();
    other.close();
  }
}
