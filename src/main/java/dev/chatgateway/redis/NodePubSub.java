package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A subscribed connection to one server. It trusts nothing: a repeated SUBSCRIBE of its probe channel
 * must be acknowledged, and a message that the pod publishes there over a command connection to the
 * same server must come in, or else the connection is replaced. (No other command may be sent on a
 * subscribed connection: replies go astray.) All methods must be called on its loop.
 */
final class NodePubSub {
  private static final int BATCH = 500;
  private static final byte[] PROBE = "1 probe".getBytes(StandardCharsets.US_ASCII);

  private final Vertx vertx;
  private final Context context;
  private final RedisConfig config;
  private final Line line;
  private final Supplier<NodeLink> commands;
  private final RedisMetrics metrics;
  private final String probeChannel;
  private final PubSubLink owner;

  private long lastAckNanos;
  private long lastLoopNanos;
  private long lastTickNanos;
  private long probeSentNanos;
  private boolean ready;

  /**
   * @param commands the command connection of this loop to the same server; may give null
   */
  NodePubSub(
      RedisLinks links,
      Context context,
      Target target,
      Supplier<NodeLink> commands,
      String probeChannel,
      PubSubLink owner) {
    this.vertx = links.vertx();
    this.context = context;
    this.config = links.config();
    this.metrics = links.metrics();
    this.commands = commands;
    this.probeChannel = probeChannel;
    this.owner = owner;
    this.line = new Line(links, context, target, this::connected, this::lost);
  }

  /** Starts connecting, and keeps at it until {@link #close()}. */
  void start() {
    context.runOnContext(started -> {
      lastTickNanos = System.nanoTime();
      line.connect();
      vertx.setPeriodic(config.probeInterval().toMillis(), this::probe);
    });
  }

  void close() {
    line.close();
  }

  /** Whether the server has answered on this connection. */
  boolean isReady() {
    return ready;
  }

  /** Subscribes to channels that are heard wherever in a cluster they are published. */
  void subscribePlainly(Collection<String> channels) {
    command(Command.SUBSCRIBE, channels);
  }

  /** Subscribes. Nothing happens while there is no connection. */
  void subscribe(Collection<String> channels) {
    command(line.isSharded() ? Command.SSUBSCRIBE : Command.SUBSCRIBE, channels);
  }

  /** As {@link #subscribe}, in a cluster: a command may name channels of one slot only. */
  void subscribeBySlot(Collection<String> channels) {
    channels.stream()
        .collect(Collectors.groupingBy(ClusterView::slotOf))
        .values()
        .forEach(this::subscribe);
  }

  void unsubscribe(Collection<String> channels) {
    command(line.isSharded() ? Command.SUNSUBSCRIBE : Command.UNSUBSCRIBE, channels);
  }

  private void command(Command command, Collection<String> channels) {
    if (!line.isUp() || channels.isEmpty()) {
      return;
    }
    List<String> all = new ArrayList<>(channels);
    for (int from = 0; from < all.size(); from += BATCH) {
      Request request = Request.cmd(command);
      all.subList(from, Math.min(all.size(), from + BATCH)).forEach(request::arg);
      send(request);
    }
  }

  private void send(Request request) {
    int mine = line.generation();
    line.send(request).onFailure(e -> line.lose(mine, String.valueOf(e.getMessage())));
  }

  private void probe(long timer) {
    if (line.isClosed()) {
      vertx.cancelTimer(timer);
      return;
    }
    long now = System.nanoTime();
    long sinceTick = now - lastTickNanos;
    lastTickNanos = now;
    line.check();
    if (!line.isUp()) {
      return;
    }
    long silence = config.silence().toNanos();
    if (sinceTick > silence) {
      // This loop was stopped itself; what the server said meanwhile is still to be read.
      lastAckNanos = now;
      lastLoopNanos = now;
    }
    if (now - lastAckNanos > silence) {
      line.lose(line.generation(), "no answer for " + config.silence().toMillis() + " ms");
      return;
    }
    // Only a command connection that works can tell that the loop through Redis does not.
    NodeLink publisher = commands.get();
    boolean publishes = publisher != null && publisher.isUp();
    if (publishes && now - lastLoopNanos > silence) {
      line.lose(line.generation(), "messages published to itself do not come in");
      return;
    }
    if (!publishes) {
      lastLoopNanos = now;
    }
    send(Request.cmd(Command.SUBSCRIBE).arg(probeChannel));
    if (publishes) {
      probeSentNanos = now;
      publisher.send(Request.cmd(Command.PUBLISH).arg(probeChannel).arg(PROBE));
    }
  }

  private void connected(RedisConnection connection) {
    int mine = line.generation();
    connection.handler(response -> received(mine, response));
    lastAckNanos = System.nanoTime();
    lastLoopNanos = lastAckNanos;
    send(Request.cmd(Command.SUBSCRIBE).arg(probeChannel));
  }

  private void received(int from, Response response) {
    if (from != line.generation() || !line.isUp()) {
      return;
    }
    if (response == null) {
      line.lose(from, "unreadable answer");
      return;
    }
    if (response.type() == ResponseType.ERROR) {
      refused(from, response.toString());
      return;
    }
    if (response.size() < 3) {
      return;
    }
    switch (response.get(0).toString()) {
      case "message", "smessage" ->
        message(response.get(1).toString(), response.get(2).toBytes());
      case "subscribe", "ssubscribe" -> acknowledged(response.get(1).toString());
      case "sunsubscribe" -> owner.unsubscribed(this, String.valueOf(response.get(1)));
      default -> {} // unsubscribe: nobody waits for it
    }
  }

  private void refused(int from, String error) {
    if (error.startsWith("MOVED") || error.startsWith("CLUSTERDOWN")) {
      owner.elsewhere();
    } else {
      line.lose(from, error);
    }
  }

  private void message(String channel, byte[] payload) {
    if (channel.equals(probeChannel)) {
      if (Arrays.equals(payload, PROBE)) {
        lastLoopNanos = System.nanoTime();
        metrics.relayed(lastLoopNanos - probeSentNanos);
      }
      return;
    }
    owner.message(channel, payload);
  }

  private void acknowledged(String channel) {
    if (!channel.equals(probeChannel)) {
      owner.acknowledged(this, channel);
      return;
    }
    lastAckNanos = System.nanoTime();
    if (!ready) {
      ready = true;
      line.proved();
      owner.ready(this);
    }
  }

  private void lost(String why) {
    if (ready) {
      ready = false;
      owner.lost(this, why);
    }
  }
}
