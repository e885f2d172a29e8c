package dev.chatgateway.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * Ends reading from a connection that is about to close. Switching off automatic reading is not
 * enough: a decoder that throws away what follows a corrupted frame asks for more by itself.
 */
public final class ReadStop extends ChannelOutboundHandlerAdapter {
  private static final String NAME = "read-stop";

  private ReadStop() {}

  /** Reads nothing more from that connection. On its loop; may be called again. */
  public static void on(Channel channel) {
    channel.config().setAutoRead(false);
    if (channel.pipeline().get(NAME) == null) {
      channel.pipeline().addFirst(NAME, new ReadStop());
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    // Whoever asks gets nothing.
  }
}
