package dev.chatgateway.socketio;

import dev.chatgateway.Pod;
import dev.chatgateway.presence.PodAddresses;
import dev.chatgateway.session.Loop;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Finds the pods that own sessions. Redis knows where they are, unless it is away, or has lost that
 * in an outage or a failover, of which pods and their sessions are none the worse. So a pod that
 * Redis doesn't know is dead only if it doesn't answer where it was found before; and where it never
 * was, and Redis was away a moment ago, the search goes on until pods have had the time to make
 * themselves known again.
 */
final class Owners {
  private static final String ANSWERED_BY = "Chat-Pod";
  private static final long LOOK_AGAIN_MS = 500;
  // Anybody can make up the sid of a pod that nobody will ever find.
  private static final int MAX_WAITING = 1024;

  private final Pod pod;
  private final PodAddresses addresses;
  private final HttpClient client;
  private final Duration answer;
  private final Duration patience;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param answer how long a pod may take to say that it is there
   * @param patience how long a search may last: no session lives without a request for longer
   */
  Owners(Pod pod, HttpClient client, Duration answer, Duration patience) {
    this.pod = pod;
    this.addresses = pod.addresses();
    this.client = client;
    this.answer = answer;
    this.patience = patience;
  }

  /** Answers another pod that asks whether this one is here; whether that was what was asked. */
  static boolean answer(HttpServerRequest request, String podId) {
    boolean asked = request.method().equals(HttpMethod.HEAD) && OwnerForwarder.isForwarded(request);
    if (asked) {
      request.response().setStatusCode(204).putHeader(ANSWERED_BY, podId).end();
    }
    return asked;
  }

  /**
   * Where that pod is; fails where it is dead. To be called on the loop, where it also ends.
   *
   * @param wanted whether somebody is still waiting for it
   */
  Future<HostAndPort> find(Loop loop, String owner, BooleanSupplier wanted) {
    Search search = new Search(loop, owner, wanted);
    search.look();
    return search.found.future();
  }

  private final class Search {
    private final Loop loop;
    private final String owner;
    private final BooleanSupplier wanted;
    private final Promise<HostAndPort> found = Promise.promise();
    private final long sinceNanos = System.nanoTime();
    private boolean waits;

    Search(Loop loop, String owner, BooleanSupplier wanted) {
      this.loop = loop;
      this.owner = owner;
      this.wanted = wanted;
    }

    void look() {
      addresses.find(loop, owner).onComplete(done -> {
        Optional<HostAndPort> before = addresses.foundBefore(owner);
        if (done.succeeded() && done.result().isPresent()) {
          end(done.result());
        } else if (before.isEmpty()) {
          lookAgain();
        } else if (done.failed()) {
          end(before);
        } else {
          askAt(before.get());
        }
      });
    }

    private void askAt(HostAndPort address) {
      isAt(address)
          .onComplete(asked -> loop.run(() -> {
            if (asked.failed()) {
              lookAgain();
            } else if (asked.result()) {
              end(Optional.of(address));
            } else {
              addresses.forget(owner);
              end(Optional.empty());
            }
          }));
    }

    /** Whether it is there; fails where that can't be told. */
    private Future<Boolean> isAt(HostAndPort address) {
      return client
          .request(new RequestOptions()
              .setHost(address.host())
              .setPort(address.port())
              .setMethod(HttpMethod.HEAD)
              .setURI("/socket.io/")
              .setTimeout(answer.toMillis())
              .putHeader(OwnerForwarder.FORWARDED_BY, pod.id()))
          .compose(HttpClientRequest::send)
          .map(response -> owner.equals(response.getHeader(ANSWERED_BY)))
          .recover(e -> isRefused(e) ? Future.succeededFuture(false) : Future.failedFuture(e));
    }

    private void lookAgain() {
      boolean late = System.nanoTime() - sinceNanos > patience.toNanos();
      if (late || !wanted.getAsBoolean() || !addresses.mayBeMissing() || !mayWait()) {
        end(Optional.empty());
      } else {
        loop.after(LOOK_AGAIN_MS, this::look);
      }
    }

    private boolean mayWait() {
      if (!waits) {
        waits = waiting.incrementAndGet() <= MAX_WAITING;
        if (!waits) {
          waiting.decrementAndGet();
        }
      }
      return waits;
    }

    private void end(Optional<HostAndPort> address) {
      if (waits) {
        waiting.decrementAndGet();
      }
      address.ifPresentOrElse(found::complete, () -> found.fail("no pod " + owner + " is alive"));
    }
  }

  private static boolean isRefused(Throwable e) {
    return e instanceof ConnectException && !(e instanceof ConnectTimeoutException);
  }
}
