package dev.chatgateway.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;
import dev.chatgateway.chaos.workload.Transport;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;

/** A Socket.IO session by long polling, each of whose requests goes to any pod that is ready. */
final class PollingLine implements Line {
  private static final String PATH = "/socket.io/?EIO=4&transport=polling";
  private static final String SEPARATOR = "\u001e";
  private static final long PATIENCE_MS = 60_000;
  private static final int ABNORMAL = 1006;

  private final HttpClient http;
  private final IntSupplier pods;
  private final Transport.Listener listener;
  private final Deque<String> outgoing = new ArrayDeque<>();
  private final int pod;
  private String sid;
  private boolean posting;
  private boolean ended;

  PollingLine(HttpClient http, IntSupplier pods, Transport.Listener listener) {
    this.http = http;
    this.pods = pods;
    this.listener = listener;
    pod = pods.getAsInt();
    request(HttpMethod.GET, pod, PATH, null).onComplete(answer -> {
      if (answer.failed()) {
        end();
        return;
      }
      try {
        sid = Door.JSON.readTree(answer.result().substring(1)).get("sid").asText();
        take(answer.result());
        poll();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("not a handshake: " + answer.result(), e);
      }
    });
  }

  private void poll() {
    if (ended) {
      return;
    }
    request(HttpMethod.GET, pods.getAsInt(), PATH + "&sid=" + sid, null).onComplete(answer -> {
      if (answer.failed()) {
        end();
      } else if (!ended) {
        take(answer.result());
        poll();
      }
    });
  }

  private void take(String packets) {
    for (String packet : packets.split(SEPARATOR)) {
      if (packet.equals("1")) {
        end();
      }
      if (ended) {
        return;
      }
      try {
        write(Door.SOCKET_IO.codec.take(packet, listener));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("not JSON: " + packet, e);
      }
    }
  }

  @Override
  public void send(String event, ObjectNode data, long ref) {
    write(Door.SOCKET_IO.codec.frame(event, data, ref));
  }

  private void write(String packet) {
    if (packet != null && !ended) {
      outgoing.add(packet);
      post();
    }
  }

  private void post() {
    if (posting || outgoing.isEmpty() || ended) {
      return;
    }
    posting = true;
    String packets = String.join(SEPARATOR, outgoing);
    outgoing.clear();
    request(HttpMethod.POST, pods.getAsInt(), PATH + "&sid=" + sid, packets).onComplete(answer -> {
      posting = false;
      if (answer.failed()) {
        end();
      } else {
        post();
      }
    });
  }

  private Future<String> request(HttpMethod method, int port, String path, String body) {
    RequestOptions options = new RequestOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setMethod(method)
        .setURI(path)
        .setTimeout(PATIENCE_MS);
    return http.request(options)
        .compose(ready -> body == null ? ready.send() : ready.send(body))
        .compose(response -> response.statusCode() == 200
            ? response.body().map(Buffer::toString)
            : Future.failedFuture("status " + response.statusCode()));
  }

  @Override
  public void close() {
    write("1");
    ended = true;
  }

  @Override
  public void abort() {
    ended = true;
  }

  private void end() {
    if (!ended) {
      ended = true;
      listener.closed(ABNORMAL);
    }
  }

  @Override
  public int pod() {
    return pod;
  }
}
