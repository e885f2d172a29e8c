package dev.chatgateway.chaos.fault;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A network between a client and a server that can be cut, each way by itself, and made slow. What a
 * cut holds back is delivered when it heals, in order and late, as TCP's retransmissions do; nothing
 * is seen of a connection's end through a cut either. But where the sender has reset its connection
 * meanwhile, what was held back is dropped: its kernel would retransmit it no more. The kinds of
 * trouble are those of Toxiproxy.
 */
public final class TcpProxy implements AutoCloseable {
  /** A way through the proxy. */
  public enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  /** What is first when a cut heals. */
  public enum Order {
    /** What was held back is delivered, and then new connections are made. */
    OLD_FIRST,
    /**
     * New connections are made, and what was held back of old ones comes {@value #LATE_MS} ms later:
     * TCP waits the longer before it retransmits, the longer it has been trying.
     */
    NEW_FIRST
  }

  private static final long SOON_MS = 50;
  private static final long LATE_MS = 3000;
  private static final int CONNECT_TIMEOUT_MS = 5000;
  private static final long PATIENCE_S = 10;

  private final Vertx vertx;
  private final NetClient client;
  private final NetServer server;
  private final SocketAddress target;
  // All that follows belongs to the one event loop.
  private final Set<Link> links = new HashSet<>();
  private final Set<NetSocket> waiting = new HashSet<>();
  private final Set<Way> cut = new HashSet<>();
  private final Delay delay;
  private String unanswered;

  /** A proxy on a port of its own before that port of this machine. */
  public TcpProxy(Vertx vertx, int targetPort, long seed) {
    this.vertx = vertx;
    target = SocketAddress.inetSocketAddress(targetPort, "127.0.0.1");
    delay = new Delay(new Random(seed));
    client = vertx.createNetClient(
        new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setTcpNoDelay(true));
    server = vertx.createNetServer(
        new NetServerOptions().setHost("127.0.0.1").setPort(0).setTcpNoDelay(true));
    server.connectHandler(this::accepted);
    await(server.listen().toCompletionStage().toCompletableFuture());
  }

  /** Where the client is to connect to. */
  public int port() {
    return server.actualPort();
  }

  /** From now on nothing passes that way. */
  public void cut(Set<Way> ways) {
    onLoop(() -> {
      cut.addAll(ways);
      links.forEach(link -> apply(link, SOON_MS));
    });
  }

  /**
   * Once a client has sent that, nothing comes back to it on that connection. It has to come in one
   * piece, which what is short does.
   */
  public void holdAnswerTo(String sent) {
    onLoop(() -> unanswered = sent);
  }

  /** From now on all bytes take that long each way, give or take the jitter. */
  public void delay(int ms, int jitterMs) {
    onLoop(() -> delay.set(ms, jitterMs));
  }

  /** No more trouble; what was held back is delivered. */
  public void heal() {
    heal(Order.OLD_FIRST);
  }

  /** No more trouble; what was held back is delivered, before new connections are made or after. */
  public void heal(Order order) {
    onLoop(() -> {
      cut.clear();
      unanswered = null;
      delay.set(0, 0);
      boolean oldFirst = order == Order.OLD_FIRST;
      links.forEach(link -> apply(link, oldFirst ? SOON_MS : LATE_MS));
      Set<NetSocket> late = Set.copyOf(waiting);
      waiting.clear();
      if (oldFirst) {
        // The loop's timers keep their order.
        vertx.setTimer(SOON_MS, delivered -> late.forEach(this::accepted));
      } else {
        late.forEach(this::link);
      }
    });
  }

  /** How many connections there are through the proxy, with those whose end was not passed on. */
  public int connections() {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    onLoop(() -> count.complete(links.size()));
    return count.join();
  }

  private void accepted(NetSocket from) {
    from.pause();
    if (cut.isEmpty()) {
      link(from);
    } else {
      waiting.add(from); // a handshake needs both ways
    }
  }

  private void link(NetSocket from) {
    client.connect(target).onComplete(connected -> {
      if (connected.failed()) {
        from.close();
        return;
      }
      Link link = new Link(
          new Pipe(vertx, from, connected.result(), delay),
          new Pipe(vertx, connected.result(), from, delay));
      links.add(link);
      link.toServer.onBytes(bytes -> {
        if (unanswered != null && bytes.toString().contains(unanswered)) {
          link.toClient.hold();
        }
      });
      link.toServer.onEnd(() -> links.remove(link));
      link.toClient.onEnd(() -> links.remove(link));
      apply(link, SOON_MS);
    });
  }

  private void apply(Link link, long delayMs) {
    apply(link.toServer, Way.TO_SERVER, delayMs);
    apply(link.toClient, Way.TO_CLIENT, delayMs);
  }

  private void apply(Pipe pipe, Way way, long delayMs) {
    if (cut.contains(way)) {
      pipe.hold();
    } else {
      pipe.release(delayMs);
    }
  }

  private record Link(Pipe toServer, Pipe toClient) {}

  private void onLoop(Runnable action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    vertx.runOnContext(ignored -> {
      action.run();
      done.complete(null);
    });
    await(done);
  }

  private static void await(CompletableFuture<?> future) {
    future.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    await(server.close().toCompletionStage().toCompletableFuture());
    await(client.close().toCompletionStage().toCompletableFuture());
  }
}
