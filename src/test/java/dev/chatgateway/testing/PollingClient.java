package dev.chatgateway.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client on the Socket.IO door that polls all the time, packet by packet. Its requests may go to
 * another pod than the one that has its session. A poll that is not answered with 200 ends it.
 */
public final class PollingClient implements AutoCloseable {
  private static final char SEPARATOR = '\u001e';
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final List<String> packets = new ArrayList<>();
  private final String sid;
  private volatile PodProcess pod;
  private volatile PodProcess elsewhere;
  private Thread poller;
  private volatile boolean polling;
  private String end;

  private PollingClient(PodProcess pod) {
    this.pod = pod;
    try {
      String opened = get("").body();
      sid = new ObjectMapper().readTree(opened.substring(1)).get("sid").asText();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A session of that pod, in no namespace; it does not poll yet. */
  public static PollingClient open(PodProcess pod) {
    return new PollingClient(pod);
  }

  /** A client whose session is that pod's, with that token in the ticket; it polls at the other. */
  public static PollingClient joined(PodProcess owner, PodProcess at, String token, String ticket) {
    PollingClient client = open(owner).at(at).poll();
    client.post("40{\"token\":\"" + token + "\"}");
    client.await("chat_authenticated");
    client.post("420[\"join_ticket_chat\",{\"ticket_id\":\"" + ticket + "\"}]");
    client.await("430[{\"ok\":true");
    return client;
  }

  public String sid() {
    return sid;
  }

  /** From the next request on they go to that pod. */
  public PollingClient at(PodProcess other) {
    pod = other;
    return this;
  }

  /** When its connection is closed its requests go to that pod, as a load balancer would have it. */
  public PollingClient afterwards(PodProcess other) {
    elsewhere = other;
    return this;
  }

  /** Whether it has had to take another connection. */
  public boolean isElsewhere() {
    return pod == elsewhere;
  }

  /** Polls from now on, until the session is closed. */
  public PollingClient poll() {
    polling = true;
    poller = new Thread(this::pollAll, "polling " + sid);
    poller.setDaemon(true);
    poller.start();
    return this;
  }

  /** Polls no more, once the poll that waits has been answered. */
  public void pause() {
    polling = false;
  }

  /** After {@link #pause}: waits until no poll waits any more. */
  public void awaitPaused() {
    try {
      poller.join(Client.PATIENCE.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (poller.isAlive()) {
      throw new AssertionError("a poll waits still; packets: " + packets());
    }
  }

  private void pollAll() {
    String outcome = null;
    while (polling && outcome == null) {
      try {
        HttpResponse<String> answer = get("&sid=" + sid);
        if (elsewhere != null && answer.headers().allValues("connection").contains("close")) {
          pod = elsewhere;
        }
        outcome = answer.statusCode() == 200 ? heard(answer.body()) : "status " + answer;
      } catch (IOException e) {
        outcome = "cut: " + e;
      } catch (InterruptedException e) {
        return;
      }
    }
    synchronized (packets) {
      end = outcome;
      packets.notifyAll();
    }
  }

  private String heard(String payload) {
    boolean closed = false;
    for (String packet : payload.split(String.valueOf(SEPARATOR))) {
      synchronized (packets) {
        packets.add(packet);
        packets.notifyAll();
      }
      if (packet.equals("2")) {
        post("3");
      }
      closed |= packet.equals("1");
    }
    return closed ? "closed" : null;
  }

  private HttpResponse<String> get(String query) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(uri(query)).timeout(Duration.ofSeconds(60)).build(),
        BodyHandlers.ofString());
  }

  private URI uri(String query) {
    return pod.http("/socket.io/?EIO=4&transport=polling" + query);
  }

  /** Sends packets, and requires that they are taken. */
  public void post(String payload) {
    try {
      HttpResponse<String> answer = HTTP.send(
          HttpRequest.newBuilder(uri("&sid=" + sid))
              .POST(BodyPublishers.ofString(payload))
              .build(),
          BodyHandlers.ofString());
      if (!answer.body().equals("ok")) {
        throw new AssertionError(answer + " " + answer.body());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The packets so far, in the order they came. */
  public List<String> packets() {
    synchronized (packets) {
      return List.copyOf(packets);
    }
  }

  /** Waits for a packet that holds that. */
  public String await(String part) {
    long deadline = System.nanoTime() + Client.PATIENCE.toNanos();
    synchronized (packets) {
      while (true) {
        for (String packet : packets) {
          if (packet.contains(part)) {
            return packet;
          }
        }
        pause(deadline, part);
      }
    }
  }

  /** Waits until it polls no more: {@code closed} where a close packet told it to. */
  public String awaitEnd() {
    long deadline = System.nanoTime() + Client.PATIENCE.toNanos();
    synchronized (packets) {
      while (end == null) {
        pause(deadline, "the end");
      }
      return end;
    }
  }

  private void pause(long deadline, String what) {
    long leftMs = (deadline - System.nanoTime()) / 1_000_000;
    if (leftMs <= 0 || (end != null && !what.equals("the end"))) {
      throw new AssertionError(what + " did not come: " + end + "; packets: " + packets);
    }
    try {
      packets.wait(leftMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    polling = false;
  }
}
