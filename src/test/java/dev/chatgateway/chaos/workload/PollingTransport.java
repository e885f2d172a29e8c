package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Socket.IO by long polling: one GET that waits for packets, and POSTs one after the other. Whoever
 * drops it says nothing, and is gone once the server's pings go unanswered.
 */
final class PollingTransport implements Transport {
  private static final char BETWEEN = '\u001e';
  private static final int PAYLOAD = 12_000;
  // A request may wait while nobody can tell where its session is; engine.io-client waits for ever.
  private static final long PATIENCE_MS = 15_000;

  private final HttpClient http;
  private final URI where;
  private final Listener listener;
  private final Deque<String> unsent = new ArrayDeque<>();
  private final Deque<String> unread = new ArrayDeque<>();
  private String path = Door.POLLING.path;
  private String reached;
  private boolean polling;
  private boolean posting;
  private boolean stalled;
  private boolean ended;

  PollingTransport(HttpClient http, URI where, Listener listener) {
    this.http = http;
    this.where = where;
    this.listener = listener;
    poll();
  }

  private void poll() {
    if (polling || stalled || ended) {
      return;
    }
    polling = true;
    call(HttpMethod.GET, null).onComplete(answer -> {
      polling = false;
      if (ended) {
        return;
      }
      if (answer.failed()) {
        end(ABNORMAL);
        return;
      }
      for (String packet : answer.result().split(String.valueOf(BETWEEN))) {
        unread.add(packet);
      }
      if (!stalled) {
        takeAll();
      }
    });
  }

  private void takeAll() {
    while (!unread.isEmpty() && !ended) {
      take(unread.poll());
    }
    poll();
  }

  private void take(String packet) {
    if (packet.isEmpty()) {
      return;
    }
    try {
      if (packet.charAt(0) == '0') {
        JsonNode handshake = Door.JSON.readTree(packet.substring(1));
        path = Door.POLLING.path + "&sid=" + handshake.path("sid").asText();
      } else if (packet.charAt(0) == '1') {
        end(1000);
        return;
      }
      write(Door.POLLING.codec.take(packet, listener));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + packet, e);
    }
  }

  @Override
  public void send(String event, ObjectNode data, long ref) {
    write(Door.POLLING.codec.frame(event, data, ref));
  }

  private void write(String packet) {
    if (packet != null && !ended) {
      unsent.add(packet);
      post();
    }
  }

  private void post() {
    if (posting || stalled || unsent.isEmpty()) {
      return;
    }
    StringBuilder payload = new StringBuilder(unsent.poll());
    while (!unsent.isEmpty() && payload.length() + unsent.peek().length() < PAYLOAD) {
      payload.append(BETWEEN).append(unsent.poll());
    }
    posting = true;
    call(HttpMethod.POST, payload.toString()).onComplete(answer -> {
      posting = false;
      if (answer.failed()) {
        end(ABNORMAL);
      } else {
        post();
      }
    });
  }

  private Future<String> call(HttpMethod method, String body) {
    RequestOptions options = new RequestOptions()
        .setHost(where.getHost())
        .setPort(where.getPort())
        .setMethod(method)
        .setURI(path)
        .setTimeout(PATIENCE_MS);
    return http.request(options)
        .compose(request -> body == null ? request.send() : request.send(Buffer.buffer(body)))
        .compose(this::text);
  }

  private Future<String> text(HttpClientResponse response) {
    if (reached == null) {
      reached = response.getHeader(REACHED); // whoever answers the handshake has the session
    }
    if (response.statusCode() != 200) {
      return Future.failedFuture("status " + response.statusCode());
    }
    return response.body().map(Buffer::toString);
  }

  @Override
  public String reached() {
    return reached;
  }

  @Override
  public void close() {
    write("1");
    end(1000);
  }

  @Override
  public void abort() {
    unsent.clear();
    end(ABNORMAL);
  }

  @Override
  public void stall() {
    stalled = true;
  }

  @Override
  public void read() {
    stalled = false;
    post();
    takeAll();
  }

  @Override
  public void sip(int packets) {
    for (int i = 0; i < packets && !unread.isEmpty() && !ended; i++) {
      take(unread.poll());
    }
  }

  private void end(int code) {
    if (!ended) {
      ended = true;
      listener.closed(code);
    }
  }
}
