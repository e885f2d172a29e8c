package dev.chatgateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.Pod;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ClientFrame;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.ServerEvents;
import dev.chatgateway.session.Broadcast;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Outbound;
import dev.chatgateway.session.ReplyTo;
import dev.chatgateway.session.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A client of a pod in this JVM: frames go to the session and come back without a socket. */
public final class TestClient extends Client {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Pod pod;
  private final Session session;
  private final AtomicLong pendingBytes = new AtomicLong();
  private volatile boolean reads = true;
  private final Queue<Runnable> whenRead = new ConcurrentLinkedQueue<>();
  private volatile boolean answersPings = true;

  private TestClient(Pod pod) {
    this.pod = pod;
    // By turns, so that clients of one pod are on different loops.
    var loops = pod.loops().all();
    Loop loop = loops.get(COUNT.getAndIncrement() % loops.size());
    CompletableFuture<Session> opened = new CompletableFuture<>();
    loop.executor().execute(() -> {
      try {
        opened.complete(pod.open(loop.executor(), new Out()));
      } catch (RuntimeException e) {
        opened.completeExceptionally(e);
      }
    });
    session = opened.join();
  }

  static TestClient open(Pod pod) {
    return new TestClient(pod);
  }

  /** The pod's side of this connection; to be touched on its loop only. */
  public Session session() {
    return session;
  }

  /** The connection's id, as events show it. */
  public String connectionId() {
    return session.id();
  }

  /** Says how much this client has left unread. */
  public void pendingBytes(long bytes) {
    pendingBytes.set(bytes);
    if (bytes == 0) {
      session.loop().executor().execute(this::haveRead);
    }
  }

  /** Whether the client reads what comes; while it does not, that waits for it. */
  public void reads(boolean now) {
    reads = now;
    if (now) {
      pendingBytes(0);
    }
  }

  /** Reads, of what waits now and comes later, what has room for a moment; then waits again. */
  public void readOnce() {
    pendingBytes(0);
  }

  /** How much waits for the client. */
  public long pendingBytes() {
    return pendingBytes.get();
  }

  private void haveRead() {
    for (Runnable action; pendingBytes.get() == 0 && (action = whenRead.poll()) != null; ) {
      action.run();
    }
  }

  private void written(int bytes) {
    if (!reads) {
      pendingBytes.addAndGet(bytes);
    }
  }

  /** Whether pings are answered; they are unless told otherwise. */
  public void answersPings(boolean answers) {
    answersPings = answers;
  }

  @Override
  public void sendText(String text) {
    ClientFrame frame = ClientFrame.parse(text);
    ReplyTo reply = frame.ref() == null ? null : new Reply(frame.ref());
    session.loop().executor().execute(() -> {
      if (frame.problem() != null) {
        pod.inbound().bad(session, reply, frame.data(), frame.problem());
      } else {
        pod.inbound().received(session, frame.event(), 0, frame.data(), reply);
      }
    });
  }

  @Override
  public void abort() {
    end(1006, "aborted here");
  }

  /** Ends the connection as its client would. */
  @Override
  public void close() {
    end(1000, "");
  }

  private void end(int code, String reason) {
    ended(code, reason);
    session.loop().executor().execute(() -> pod.sessions().ended(session));
  }

  private static JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(new String(json, StandardCharsets.UTF_8), e);
    }
  }

  private final class Out implements Outbound {
    @Override
    public Broadcast.Door door() {
      return Broadcast.Door.WEBSOCKET;
    }

    @Override
    public void send(ServerEvent event) {
      written(event.data().length);
      received(new Event(event.name(), parse(event.data())));
    }

    @Override
    public void send(Broadcast broadcast) {
      send(broadcast.event());
    }

    @Override
    public void ping() {
      if (answersPings) {
        session.loop().executor().execute(session::heard);
      }
    }

    @Override
    public void close(CloseCode code, String reason) {
      // The session isn't known here before its pod has opened it; the end comes later anyway.
      ended(code.code(), reason);
      pod.loops().current().executor().execute(() -> pod.sessions().ended(session));
    }

    @Override
    public long pendingBytes() {
      return pendingBytes.get();
    }

    @Override
    public void whenSent(Runnable action) {
      whenRead.add(action);
      pod.loops().current().executor().execute(TestClient.this::haveRead);
    }
  }

  private final class Reply implements ReplyTo {
    private final String ref;

    Reply(String ref) {
      this.ref = ref;
    }

    @Override
    public void success(byte[] data) {
      written(data.length);
      answer(true, "data", parse(data));
    }

    @Override
    public void failure(ChatException problem) {
      JsonWriter error = new JsonWriter();
      ServerEvents.error(error, problem);
      answer(false, "error", parse(error.toBytes()));
    }

    private void answer(boolean ok, String part, JsonNode content) {
      ObjectNode reply = JSON.createObjectNode();
      reply.set("ref", parse(ref.getBytes(StandardCharsets.UTF_8)));
      received(reply.put("ok", ok).set(part, content).toString());
    }
  }
}
