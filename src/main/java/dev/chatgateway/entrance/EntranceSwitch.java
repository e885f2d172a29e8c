package dev.chatgateway.entrance;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.spi.VertxServiceProvider;

/**
 * Has Netty look for {@link Entrance}. Called before there is any connection, in each way of starting
 * the gateway; Netty reads the property once, when it connects or listens first.
 */
public class EntranceSwitch implements VertxServiceProvider {
  private static final String BY_SERVICE_LOADER = "serviceload";

  @Override
  public void init(VertxBuilder builder) {
    String property = ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY;
    if (System.getProperty(property) == null) {
      System.setProperty(property, BY_SERVICE_LOADER);
    }
  }
}
