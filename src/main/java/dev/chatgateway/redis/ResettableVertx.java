package dev.chatgateway.redis;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Vertx;
import io.vertx.core.impl.CloseFuture;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.impl.NetClientImpl;
import io.vertx.core.spi.metrics.TCPMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import org.jboss.logging.Logger;

/**
 * The Vert.x for one client of Redis with one connection, which can be reset. Closing that, as the
 * client does, first waits until everything is written, and what the other side has not acknowledged
 * is sent again and again for minutes.
 */
final class ResettableVertx extends VertxWrapper {
  private static final Logger LOG = Logger.getLogger(ResettableVertx.class);

  private Channel channel;

  ResettableVertx(Vertx vertx) {
    super((VertxInternal) vertx);
  }

  @Override
  public NetClient createNetClient(NetClientOptions options) {
    VertxMetrics meters = delegate.metricsSPI();
    TCPMetrics<?> metrics = meters == null ? null : meters.createNetClientMetrics(options);
    CloseFuture closing = new CloseFuture();
    NetClientImpl client = new NetClientImpl(delegate, metrics, options, closing) {
      @Override
      protected void initChannel(ChannelPipeline pipeline) {
        super.initChannel(pipeline);
        channel = pipeline.channel();
      }
    };
    closing.add(client);
    delegate.addCloseHook(closing);
    return client;
  }

  /**
   * Ends the connection at once. Nothing is sent any more but that it has ended: what has not been
   * written, or not been received, is discarded. On the connection's loop.
   */
  void reset() {
    if (channel == null || !channel.isOpen()) {
      return;
    }
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0); // UNIX sockets have none, nor need it
    } catch (ChannelException e) {
      LOG.debugf("The connection has ended by itself: %s", e.getMessage());
    }
    channel.unsafe().close(channel.voidPromise()); // past the handlers, which would write first
  }
}
