package dev.chatgateway.socketio.engine;

import static dev.chatgateway.socketio.engine.EchoServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.engine.EchoServer.Echo;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server whose sessions send back what they are sent. */
final class EchoServer implements AutoCloseable {
  static final EngineOptions OPTIONS = EngineOptions.DEFAULTS
      .withMaxPayload(10_000)
      .withTimeouts(Duration.ofMillis(400), Duration.ofSeconds(20), Duration.ofMillis(400));

  final EngineFixture engine;
  final List<Echo> opened = new CopyOnWriteArrayList<>();

  EchoServer() {
    this(OPTIONS);
  }

  EchoServer(EngineOptions options) {
    this(options, Admission.ALL, Forwarder.NONE);
  }

  EchoServer(EngineOptions options, Admission admission, Forwarder forwarder) {
    try {
      engine = new EngineFixture(options, admission, forwarder, connection -> {
        Echo echo = new Echo(connection);
        opened.add(echo);
        return echo;
      });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A session, and what it has seen. */
  static final class Echo implements EngineListener {
    final EngineConnection connection;
    final List<String> heard = new CopyOnWriteArrayList<>();
    final List<String> ends = new CopyOnWriteArrayList<>();

    private Echo(EngineConnection connection) {
      this.connection = connection;
    }

    @Override
    public void text(String message) {
      assertThat(connection.eventLoop().inEventLoop()).isTrue();
      heard.add(message);
      if (message.equals("fail")) {
        throw new IllegalStateException("on purpose");
      }
      connection.send(message);
    }

    @Override
    public void binary(byte[] message) {
      connection.send(Unpooled.wrappedBuffer(message));
    }

    @Override
    public void closed(String reason) {
      ends.add(reason);
    }

    /** Does that where the connection may be used. */
    void run(Runnable action) {
      connection.eventLoop().execute(action);
    }
  }

  @Override
  public void close() throws Exception {
    engine.close();
  }
}
