package dev.chatgateway.auth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.JsonWebKeySet;

/** An issuer's address with its keys, which can fail, hang, and change what it says. */
final class KeyServer implements AutoCloseable {
  /** Answers a request; may block. */
  @FunctionalInterface
  interface Manner {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Manner manner;

  KeyServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> {
      asked.incrementAndGet();
      try (exchange) {
        manner.answer(exchange);
      }
    });
    fails(503);
    server.start();
  }

  /** Where the keys are. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
  }

  /** How often somebody has asked. */
  int asked() {
    return asked.get();
  }

  /** Serves the keys of those from now on. */
  void serves(TestIssuer.Key... keys) {
    serves(
        new JsonWebKeySet(List.of(keys).stream().map(TestIssuer.Key::publicKey).toList()).toJson());
  }

  /** Serves that from now on. */
  void serves(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    answers(exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    });
  }

  /** Answers with that status from now on. */
  void fails(int status) {
    answers(exchange -> exchange.sendResponseHeaders(status, -1));
  }

  /** Sends there from now on. */
  void redirects(String location) {
    answers(exchange -> {
      exchange.getResponseHeaders().add("Location", location);
      exchange.sendResponseHeaders(302, -1);
    });
  }

  /** Begins an answer from now on, and never ends it. */
  void hangs() {
    answers(exchange -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      awaitClose();
    });
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void answers(Manner other) {
    manner = other;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
