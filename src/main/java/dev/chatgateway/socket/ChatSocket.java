package dev.chatgateway.socket;

import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;

/**
 * The plain WebSocket door. The extension does the handshake and ends connections; the frames in
 * between are handled by the connection's {@link FrameGate}, since the extension's own way costs
 * about a kilobyte more per connection, replaces bytes that are not UTF-8, and encodes a broadcast
 * once per connection. (That mode CONCURRENT lets frames overtake is no concern therefore.)
 */
@WebSocket(path = "/chat", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class ChatSocket {
  @OnOpen
  @NonBlocking
  void open(WebSocketConnection connection) {
    connection.userData().get(FrameGate.KEY).opened();
  }

  @OnTextMessage
  @NonBlocking
  void never(String text) {
    throw new IllegalStateException("the gate takes all text frames");
  }
}
