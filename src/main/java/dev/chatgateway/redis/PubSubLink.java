package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The one subscribed connection of a pod. It trusts nothing: a repeated SUBSCRIBE of the pod's own
 * channel must be acknowledged, and a message that the pod publishes to itself over a command
 * connection must come in, or else the connection is replaced. (No other command may be sent on a
 * subscribed connection: replies go astray.) All methods must be called on its loop.
 */
public final class PubSubLink {
  private static final Logger LOG = Logger.getLogger(PubSubLink.class);
  private static final int BATCH = 500;

  /** What the owner of the link hears, on the link's loop. */
  public interface Listener {
    /** A new connection is there, with nothing subscribed but the pod's own channels. */
    void up();

    /** The connection is gone, and messages with it. */
    void down(String why);

    /** The server acknowledged a subscription. */
    void subscribed(String channel);

    /** A message. */
    void message(String channel, byte[] payload);
  }

  private final Vertx vertx;
  private final Context context;
  private final RedisConfig config;
  private final Line line;
  private final RedisLink commands;
  private final RedisMetrics metrics;
  private final String probeChannel;
  private final List<String> ownChannels;
  private final Listener listener;

  private long lastAckNanos;
  private long lastLoopNanos;
  private long lastTickNanos;
  private long probeSentNanos;
  private boolean announced;

  PubSubLink(
      RedisLinks links,
      Context context,
      RedisLink commands,
      String probeChannel,
      List<String> ownChannels,
      Listener listener) {
    this.vertx = links.vertx();
    this.context = context;
    this.config = links.config();
    this.metrics = links.metrics();
    this.commands = commands;
    this.probeChannel = probeChannel;
    this.ownChannels = ownChannels;
    this.listener = listener;
    this.line = new Line(links, context, this::connected, this::lost);
  }

  /** Starts connecting, and keeps at it until {@link #close()}. */
  public void start() {
    context.runOnContext(started -> {
      lastTickNanos = System.nanoTime();
      line.connect();
      vertx.setPeriodic(config.probeInterval().toMillis(), this::probe);
    });
  }

  public void close() {
    context.runOnContext(closing -> line.close());
  }

  /** Whether there is a connection to subscribe on. */
  public boolean isUp() {
    return announced;
  }

  /** Subscribes; each is acknowledged to the listener. Nothing happens while there is no link. */
  public void subscribe(Collection<String> channels) {
    command(Command.SUBSCRIBE, channels);
  }

  public void unsubscribe(Collection<String> channels) {
    command(Command.UNSUBSCRIBE, channels);
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
    if (commands.isUp() && now - lastLoopNanos > silence) {
      line.lose(line.generation(), "messages published to itself do not come in");
      return;
    }
    if (!commands.isUp()) {
      lastLoopNanos = now;
    }
    send(Request.cmd(Command.SUBSCRIBE).arg(probeChannel));
    if (commands.isUp()) {
      probeSentNanos = now;
      commands.send(Request.cmd(Command.PUBLISH).arg(probeChannel).arg("1 probe"));
    }
  }

  private void connected(RedisConnection connection) {
    int mine = line.generation();
    connection.handler(response -> received(mine, response));
    lastAckNanos = System.nanoTime();
    lastLoopNanos = lastAckNanos;
    subscribe(ownChannels);
  }

  private void received(int from, Response response) {
    if (from != line.generation() || !line.isUp()) {
      return;
    }
    if (response == null || response.type() == ResponseType.ERROR) {
      line.lose(from, response == null ? "unreadable answer" : response.toString());
      return;
    }
    if (response.size() < 3) {
      return;
    }
    switch (response.get(0).toString()) {
      case "message" -> message(response.get(1).toString(), response.get(2).toBytes());
      case "subscribe" -> acknowledged(response.get(1).toString());
      default -> {} // unsubscribe: nobody waits for it
    }
  }

  private void message(String channel, byte[] payload) {
    if (channel.equals(probeChannel) && payload.length == 7) {
      lastLoopNanos = System.nanoTime();
      metrics.relayed(lastLoopNanos - probeSentNanos);
      return;
    }
    try {
      listener.message(channel, payload);
    } catch (RuntimeException e) {
      LOG.errorf(e, "Handling a message of channel %s failed", channel);
    }
  }

  private void acknowledged(String channel) {
    if (channel.equals(probeChannel)) {
      lastAckNanos = System.nanoTime();
      if (!announced) {
        announced = true;
        line.proved();
        listener.up();
      }
      return;
    }
    listener.subscribed(channel);
  }

  private void lost(String why) {
    if (announced) {
      announced = false;
      listener.down(why);
    }
  }
}
