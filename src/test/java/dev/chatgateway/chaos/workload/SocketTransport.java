package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.impl.WebSocketInternal;
import java.net.URI;

/** A WebSocket to a balancer or a pod. */
final class SocketTransport implements Transport {
  private static final long HANDSHAKE_MS = 4000;

  private final Door door;
  private final Listener listener;
  private final URI where;
  private WebSocket socket;
  private String reached;
  private boolean ended;

  SocketTransport(WebSocketClient client, URI where, Door door, Listener listener) {
    this.door = door;
    this.listener = listener;
    this.where = where;
    client
        .connect(new WebSocketConnectOptions()
            .setHost(where.getHost())
            .setPort(where.getPort())
            .setURI(door.path)
            .setTimeout(HANDSHAKE_MS))
        .onComplete(connected -> {
          if (connected.failed()) {
            end(ABNORMAL);
          } else if (ended) {
            drop(connected.result());
          } else {
            begin(connected.result());
          }
        });
  }

  private void begin(WebSocket opened) {
    socket = opened;
    String chosen = opened.headers().get(REACHED);
    reached = chosen == null ? where.getAuthority() : chosen;
    opened.textMessageHandler(this::take);
    opened.exceptionHandler(broken -> {}); // the end follows
    opened.closeHandler(closed -> {
      Short code = opened.closeStatusCode();
      end(code == null ? ABNORMAL : code);
    });
    door.codec.begin(listener);
  }

  private void take(String text) {
    if (ended) {
      return;
    }
    try {
      write(door.codec.take(text, listener));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }

  @Override
  public void send(String event, ObjectNode data, long ref) {
    write(door.codec.frame(event, data, ref));
  }

  private void write(String text) {
    if (text != null && socket != null && !ended) {
      socket.writeTextMessage(text);
    }
  }

  @Override
  public String reached() {
    return reached;
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close();
    }
    end(1000);
  }

  @Override
  public void abort() {
    if (socket != null) {
      drop(socket);
    }
    end(ABNORMAL);
  }

  private static void drop(WebSocket socket) {
    ((WebSocketInternal) socket).channelHandlerContext().channel().close();
  }

  @Override
  public void stall() {
    if (socket != null) {
      socket.pause();
    }
  }

  @Override
  public void read() {
    if (socket != null) {
      socket.resume();
    }
  }

  @Override
  public void sip(int frames) {
    if (socket != null) {
      socket.fetch(frames);
    }
  }

  private void end(int code) {
    if (!ended) {
      ended = true;
      listener.closed(code);
    }
  }
}
