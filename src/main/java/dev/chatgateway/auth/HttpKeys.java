package dev.chatgateway.auth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;

/**
 * Keys at an address. Redirects are followed within its scheme only; the answer is bounded in size
 * and in time, its body included.
 */
final class HttpKeys implements KeySource {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MAX_REDIRECTS = 3;

  private final URI address;
  private final int maxBytes;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * Keys at that address.
   *
   * @param tls null for the JVM's own trust
   * @throws IllegalArgumentException where it is no address
   */
  HttpKeys(String location, int maxBytes, Duration timeout, SSLContext tls) {
    this.address = URI.create(location);
    if (address.getHost() == null) {
      throw new IllegalArgumentException("it names no host");
    }
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    HttpClient.Builder builder = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(timeout);
    if (tls != null) {
      builder.sslContext(tls);
    }
    this.client = builder.build();
  }

  @Override
  public CompletableFuture<byte[]> read() {
    AtomicReference<CompletableFuture<?>> exchange = new AtomicReference<>();
    CompletableFuture<byte[]> read =
        get(address, MAX_REDIRECTS, exchange).orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    read.whenComplete((bytes, problem) -> {
      if (problem != null) {
        exchange.get().cancel(true); // or it would go on
      }
    });
    return read;
  }

  private CompletableFuture<byte[]> get(
      URI from, int redirects, AtomicReference<CompletableFuture<?>> exchange) {
    HttpRequest request = HttpRequest.newBuilder(from)
        .timeout(timeout)
        .header("Accept", "application/jwk-set+json, application/json")
        .build();
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, answer -> new BoundedBody(maxBytes));
    exchange.set(sent);
    return sent.thenCompose(answer -> of(answer, redirects, exchange));
  }

  private CompletionStage<byte[]> of(
      HttpResponse<byte[]> answer, int redirects, AtomicReference<CompletableFuture<?>> exchange) {
    if (answer.statusCode() == 200) {
      return CompletableFuture.completedFuture(answer.body());
    }
    if (!REDIRECTS.contains(answer.statusCode())) {
      return failed("the answer was " + answer.statusCode());
    }
    URI to;
    try {
      to = answer.uri().resolve(answer.headers().firstValue("Location").orElse(""));
    } catch (IllegalArgumentException e) {
      return failed("a redirect to no address");
    }
    if (redirects == 0) {
      return failed("too many redirects");
    }
    if (!answer.uri().getScheme().equalsIgnoreCase(to.getScheme()) || to.getHost() == null) {
      return failed("a redirect to another scheme is not followed");
    }
    return get(to, redirects - 1, exchange);
  }

  private static CompletionStage<byte[]> failed(String why) {
    return CompletableFuture.failedFuture(new IOException(why));
  }

  /** Without user and query, which may be secrets. */
  @Override
  public String shown() {
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return address.getScheme() + "://" + address.getHost() + port + address.getRawPath();
  }
}
