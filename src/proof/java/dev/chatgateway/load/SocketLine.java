package dev.chatgateway.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;
import dev.chatgateway.chaos.workload.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * A WebSocket to a pod. Pings are answered before they get here. One whose handshake is refused ends
 * with the status of HTTP in the place of a close code.
 */
final class SocketLine extends SimpleChannelInboundHandler<WebSocketFrame> implements Line {
  /** There was no connection at all. */
  static final int UNREACHABLE = 1;

  private static final int ABNORMAL = 1006;
  private static final int NORMAL = 1000;

  private final int pod;
  private final Door door;
  private final Transport.Listener listener;
  private Channel channel;
  private int code = ABNORMAL;
  private boolean ended;

  SocketLine(int pod, Door door, Transport.Listener listener) {
    this.pod = pod;
    this.door = door;
    this.listener = listener;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    if (ended) {
      channel.close(); // given up while it was being opened
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE && !ended) {
      door.codec.begin(listener);
    } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
      context.close();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame)
      throws JsonProcessingException {
    if (ended) {
      return;
    }
    if (frame instanceof TextWebSocketFrame text) {
      write(door.codec.take(text.text(), listener));
    } else if (frame instanceof CloseWebSocketFrame close) {
      code = close.statusCode() < 0 ? ABNORMAL : close.statusCode();
      context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(code);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
    if (broken instanceof WebSocketClientHandshakeException refused && refused.response() != null) {
      code = refused.response().status().code();
    } else if (broken instanceof JsonProcessingException) {
      throw new IllegalStateException("not JSON", broken);
    }
    context.close();
  }

  @Override
  public void send(String event, ObjectNode data, long ref) {
    write(door.codec.frame(event, data, ref));
  }

  private void write(String text) {
    if (text != null && !ended) {
      channel.writeAndFlush(new TextWebSocketFrame(text));
    }
  }

  @Override
  public void close() {
    ended = true;
    if (channel != null) {
      channel
          .writeAndFlush(new CloseWebSocketFrame(NORMAL, null))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void abort() {
    ended = true;
    if (channel != null) {
      channel.close();
    }
  }

  /** The connection is gone, or was never had. */
  void end(int why) {
    if (!ended) {
      ended = true;
      listener.closed(why);
    }
  }

  @Override
  public int pod() {
    return pod;
  }
}
