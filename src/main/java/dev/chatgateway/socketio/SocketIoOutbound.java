package dev.chatgateway.socketio;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.session.Broadcast;
import dev.chatgateway.session.Outbound;
import dev.chatgateway.socketio.namespace.NamespaceSocket;
import dev.chatgateway.socketio.namespace.SocketFrames;
import io.netty.buffer.ByteBuf;

/** Writes to one Socket.IO client; a broadcast's bytes are shared by all of them. */
final class SocketIoOutbound implements Outbound {
  private final NamespaceSocket socket;
  private final Runnable heard;

  /**
   * @param heard the client has given a sign of life
   */
  SocketIoOutbound(NamespaceSocket socket, Runnable heard) {
    this.socket = socket;
    this.heard = heard;
  }

  @Override
  public Broadcast.Door door() {
    return Broadcast.Door.SOCKET_IO;
  }

  @Override
  public void send(ServerEvent event) {
    socket.emit(event.name(), event.data());
  }

  @Override
  public void send(Broadcast broadcast) {
    socket.emitShared(broadcast.encoded(Broadcast.Door.SOCKET_IO, SocketIoOutbound::frame));
  }

  private static ByteBuf frame(ServerEvent event) {
    return SocketFrames.event(event.name(), event.data());
  }

  /** The engine has a heartbeat of its own, and ends a session that doesn't answer it. */
  @Override
  public void ping() {
    heard.run();
  }

  /**
   * Who is put out of the namespace doesn't come back by itself; who only loses the transport does,
   * which is what a client is to do when nothing is wrong with it.
   */
  @Override
  public void close(CloseCode code, String reason) {
    switch (code) {
      case UNAUTHENTICATED, KICKED, POLICY, RATE_LIMITED -> {
        socket.disconnect();
        socket.engine().closeAfterClient(code.code(), reason);
      }
      default -> socket.engine().close(code.code(), reason);
    }
  }

  @Override
  public long pendingBytes() {
    return socket.engine().pendingBytes();
  }

  @Override
  public void whenSent(Runnable action) {
    socket.engine().whenSent(action);
  }
}
