package dev.chatgateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Limits the messages of a client that is not authenticated yet, unfinished ones included: the
 * decoder would buffer a frame up to the limit of everybody. Stands before the decoder, counts the
 * bytes that went in and the frames that came out, and leaves the pipeline once the client is
 * authenticated. On the connection's loop.
 */
public final class Intake extends ChannelInboundHandlerAdapter {
  /** The client, as its door knows it. Called on the connection's loop. */
  public interface Client {
    Trust trust();

    /** Runs the action on the connection's loop once the trust is no longer undecided. */
    void onceDecided(Runnable action);

    /** Ends the connection: the client sent more than it may before authentication. */
    void tooBig(int maxBytes);
  }

  private static final String NAME = "intake";
  private static final String DECODER = "wsdecoder";
  private static final int MAX_HEADER = 14;

  private final int maxBytes;
  private final Client client;
  private ChannelHandlerContext self;
  private long unfinished;
  private boolean paused;

  /**
   * @param maxBytes in a message before authentication
   */
  public Intake(int maxBytes, Client client) {
    this.maxBytes = maxBytes;
    this.client = client;
  }

  /** Returns the bytes that a message may have before authentication. */
  public int maxBytes() {
    return maxBytes;
  }

  /** Places this before the WebSocket decoder, which the pipeline has from the handshake on. */
  public void addTo(ChannelPipeline pipeline) {
    pipeline.addBefore(DECODER, NAME, this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    self = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (client.trust() == Trust.FULL) {
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(message);
      return;
    }
    if (message instanceof ByteBuf bytes) {
      unfinished += bytes.readableBytes();
    }
    ctx.fireChannelRead(message);
    checkUnfinished();
  }

  private void checkUnfinished() {
    if (unfinished > maxBytes + MAX_HEADER && !admits(Integer.MAX_VALUE)) {
      client.tooBig(maxBytes);
    }
  }

  /** Counts a frame that the decoder has put together. */
  public void decoded(WebSocketFrame frame) {
    int length = frame.content().readableBytes();
    int header = length < 126 ? 6 : length < 65_536 ? 8 : MAX_HEADER;
    // What came together with the handshake was not counted when it went in.
    unfinished = Math.max(0, unfinished - length - header);
  }

  /**
   * Returns whether a message of that size may be handled, or added to. Stops reading after a large
   * one until the client is known or refused.
   */
  public boolean admits(int messageBytes) {
    if (messageBytes <= maxBytes) {
      return true;
    }
    Trust trust = client.trust();
    if (trust == Trust.UNDECIDED) {
      pause();
    }
    return trust != Trust.NONE;
  }

  private void pause() {
    if (paused) {
      return;
    }
    paused = true;
    self.channel().config().setAutoRead(false);
    client.onceDecided(() -> {
      paused = false;
      self.channel().config().setAutoRead(true);
      checkUnfinished();
    });
  }
}
