package dev.chatgateway.load;

import dev.chatgateway.chaos.workload.Door;
import dev.chatgateway.chaos.workload.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import java.net.InetSocketAddress;
import java.net.URI;

/** Opens WebSockets in their thousands: each is little more than a channel and its frame codec. */
final class Sockets {
  private static final int HEADERS = 4096;
  private static final int LONGEST = 4 << 20;
  private static final int CONNECT_MS = 3000;

  private final Bootstrap bootstrap;
  private final InetSocketAddress source;
  private final long handshakeMs;

  /**
   * @param source the address to come from, of 127.0.0.0/8: each has ports of its own
   */
  Sockets(EventLoopGroup loop, String source, long handshakeMs) {
    this.source = new InetSocketAddress(source, 0);
    this.handshakeMs = handshakeMs;
    bootstrap = new Bootstrap()
        .group(loop)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS);
    if (Epoll.isAvailable() && loop instanceof EpollEventLoopGroup) {
      bootstrap
          .channel(EpollSocketChannel.class)
          .option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    } else {
      bootstrap.channel(NioSocketChannel.class);
    }
  }

  Line open(int port, Door door, Transport.Listener listener) {
    SocketLine line = new SocketLine(port, door, listener);
    URI uri = URI.create("ws://127.0.0.1:" + port + door.path);
    ChannelFuture connecting = bootstrap
        .clone()
        .handler(new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            channel
                .pipeline()
                .addLast(
                    new HttpClientCodec(HEADERS, HEADERS, HEADERS),
                    new HttpObjectAggregator(HEADERS),
                    new WebSocketClientProtocolHandler(handshake(uri)),
                    line);
          }
        })
        .connect(new InetSocketAddress("127.0.0.1", port), source);
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        line.end(SocketLine.UNREACHABLE);
      }
    });
    return line;
  }

  private WebSocketClientProtocolConfig handshake(URI uri) {
    return WebSocketClientProtocolConfig.newBuilder()
        .webSocketUri(uri)
        .maxFramePayloadLength(LONGEST)
        .handleCloseFrames(false)
        .withUTF8Validator(false)
        .handshakeTimeoutMillis(handshakeMs)
        .build();
  }
}
