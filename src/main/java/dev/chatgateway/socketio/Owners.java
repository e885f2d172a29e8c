package dev.chatgateway.socketio;

import dev.chatgateway.presence.PeerAddress;
import dev.chatgateway.presence.PodAddresses;
import dev.chatgateway.session.Loop;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
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
  private static final int NO_CONTENT = 204;
  private static final int FORBIDDEN = 403;
  private static final String QUESTION = "/socket.io/";
  private static final long LOOK_AGAIN_MS = 500;
  // Anybody can make up the sid of a pod that nobody will ever find.
  private static final int MAX_WAITING = 1024;

  private final PodAddresses addresses;
  private final PeerClient client;
  private final PeerProof proof;
  private final Duration answer;
  private final Duration patience;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param answer how long a pod may take to say that it is there
   * @param patience how long a search may last: no session lives without a request for longer
   */
  Owners(
      PodAddresses addresses,
      PeerClient client,
      PeerProof proof,
      Duration answer,
      Duration patience) {
    this.addresses = addresses;
    this.client = client;
    this.proof = proof;
    this.answer = answer;
    this.patience = patience;
  }

  /**
   * Answers another pod that asks whether this one is here; its claim has been accepted, so that the
   * answer proves who gives it.
   *
   * @return whether that was what was asked
   */
  static boolean answer(HttpServerRequest request) {
    boolean asked = request.method().equals(HttpMethod.HEAD) && PeerProof.isClaimed(request);
    if (asked) {
      request.response().setStatusCode(NO_CONTENT).end();
    }
    return asked;
  }

  /**
   * Where that pod is; fails where it is dead. To be called on the loop, where it also ends.
   *
   * @param wanted whether somebody is still waiting for it
   */
  Future<PeerAddress> find(Loop loop, String owner, BooleanSupplier wanted) {
    Search search = new Search(loop, owner, wanted);
    search.look();
    return search.found.future();
  }

  private final class Search {
    private final Loop loop;
    private final String owner;
    private final BooleanSupplier wanted;
    private final Promise<PeerAddress> found = Promise.promise();
    private final long sinceNanos = System.nanoTime();
    private boolean waits;

    Search(Loop loop, String owner, BooleanSupplier wanted) {
      this.loop = loop;
      this.owner = owner;
      this.wanted = wanted;
    }

    void look() {
      addresses.find(loop, owner).onComplete(done -> {
        Optional<PeerAddress> before = addresses.foundBefore(owner);
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

    private void askAt(PeerAddress address) {
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
    private Future<Boolean> isAt(PeerAddress address) {
      return client
          .ask(address, HttpMethod.HEAD, QUESTION, answer)
          .compose(begun -> begun.request().send().map(response -> {
            if (response.statusCode() == FORBIDDEN) {
              throw new IllegalStateException("pod " + owner + " takes this one for a stranger");
            }
            String given = response.getHeader(PeerProof.answerHeader());
            boolean there = proof.isAnswer(given, owner, begun.claim().number());
            if (!there) {
              begun.request().connection().close(); // nobody knows what else may come by it
            }
            return there;
          }))
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

    private void end(Optional<PeerAddress> address) {
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
