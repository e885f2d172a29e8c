package dev.chatgateway.entrance;

import dev.chatgateway.session.LimitsConfig;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.smallrye.config.SmallRyeConfig;
import java.util.NoSuchElementException;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Puts a {@link RequestClock} into each connection that a server of this process accepts, whichever
 * port it came to. Neither Quarkus nor Vert.x lets a connection be seen before its first request is
 * complete; Netty does, by this extension.
 */
public class Entrance extends ChannelInitializerExtension {
  @Override
  public void postInitializeServerChildChannel(Channel connection) {
    try {
      connection.pipeline().addFirst(new RequestClock(timeoutMs(), false));
    } catch (NoSuchElementException e) {
      // The server of something else, in a process without a gateway.
    }
  }

  // Asked anew each time: in dev mode and tests, applications come and go in one process.
  private static long timeoutMs() {
    return ConfigProvider.getConfig()
        .unwrap(SmallRyeConfig.class)
        .getConfigMapping(LimitsConfig.class)
        .requestTimeout()
        .toMillis();
  }
}
