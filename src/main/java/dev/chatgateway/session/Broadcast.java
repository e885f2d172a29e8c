package dev.chatgateway.session;

import dev.chatgateway.protocol.ServerEvent;
import io.netty.buffer.ByteBuf;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.util.function.Function;

/**
 * An event for many connections, encoded once for each front door. Reference-counted, since the
 * encodings are off the heap: every hand-over to another loop takes a reference.
 */
public final class Broadcast extends AbstractReferenceCounted {
  /** Tells a broadcast's encodings apart. */
  public enum Door {
    WEBSOCKET,
    SOCKET_IO
  }

  private final ServerEvent event;
  private final boolean droppable;
  private final String messageId;
  private final ByteBuf[] encodings = new ByteBuf[Door.values().length];

  /**
   * @param droppable whether a client that reads too slowly can do without it
   */
  public Broadcast(ServerEvent event, boolean droppable) {
    this(event, droppable, null);
  }

  private Broadcast(ServerEvent event, boolean droppable, String messageId) {
    this.event = event;
    this.droppable = droppable;
    this.messageId = messageId;
  }

  /** What has become of a message: it is not to be told before the message itself. */
  public static Broadcast ofStatus(ServerEvent event, String messageId) {
    return new Broadcast(event, false, messageId);
  }

  public ServerEvent event() {
    return event;
  }

  public boolean droppable() {
    return droppable;
  }

  /** The message whose status it tells; null for anything else. */
  String messageId() {
    return messageId;
  }

  /** The event as that door sends it; the caller takes duplicates and does not release it. */
  public ByteBuf encoded(Door door, Function<ServerEvent, ByteBuf> encoder) {
    synchronized (encodings) {
      ByteBuf encoded = encodings[door.ordinal()];
      if (encoded == null) {
        encoded = encoder.apply(event);
        encodings[door.ordinal()] = encoded;
      }
      return encoded;
    }
  }

  @Override
  protected void deallocate() {
    for (ByteBuf encoding : encodings) {
      if (encoding != null) {
        encoding.release();
      }
    }
  }

  @Override
  public ReferenceCounted touch(Object hint) {
    return this;
  }
}
