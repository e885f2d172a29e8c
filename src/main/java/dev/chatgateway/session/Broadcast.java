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
  private final ByteBuf[] encodings = new ByteBuf[Door.values().length];

  /**
   * @param droppable whether a client that reads too slowly can do without it
   */
  public Broadcast(ServerEvent event, boolean droppable) {
    this.event = event;
    this.droppable = droppable;
  }

  public ServerEvent event() {
    return event;
  }

  public boolean droppable() {
    return droppable;
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
