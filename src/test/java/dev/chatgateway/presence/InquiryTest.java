package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod makes of another's answer. */
class InquiryTest {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Inquiry inquiry = new Inquiry(vertx, Duration.ofSeconds(1), Duration.ofSeconds(8));

  @AfterEach
  void end() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void podThatGoesByTheIncarnationLives() throws Exception {
    assertThat(ask(server(204))).isTrue();
  }

  @Test
  void podThatGoesByAnotherIncarnationDoesNot() throws Exception {
    assertThat(ask(server(404))).isFalse();
  }

  @Test
  void refusedConnectionIsADeath() throws Exception {
    HttpServer server = server(204);
    int port = server.actualPort();
    server.close().toCompletionStage().toCompletableFuture().join();
    assertThat(ask(port)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 301, 400, 500, 503})
  void otherAnswersAreNone(int status) {
    assertThatThrownBy(() -> ask(server(status))).hasMessageContaining("status " + status);
  }

  @Test
  void silenceEndsAfterTheTimeForAnAnswer() {
    HttpServer silent = vertx.createHttpServer().requestHandler(request -> {});
    silent.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    assertThatThrownBy(() -> ask(silent)).hasMessageContaining("timeout");
  }

  @Test
  void podAtAnIpv6AddressIsAskedByAHostThatServersTake() throws Exception {
    HttpServer server = vertx
        .createHttpServer()
        .requestHandler(request -> request
            .response()
            .setStatusCode(request.getHeader("Host").startsWith("[::1]:") ? 204 : 400)
            .end());
    server.listen(0, "::1").toCompletionStage().toCompletableFuture().join();
    assertThat(ask(PeerAddress.plain("::1", server.actualPort()))).isTrue();
  }

  @Test
  void threeQuestionsTakeLessThanHalfALease() {
    Inquiry quick = new Inquiry(vertx, Duration.ofSeconds(5), Duration.ofSeconds(2));
    assertThat(quick.answer()).isEqualTo(Duration.ofMillis(250));
    assertThat(inquiry.answer()).isEqualTo(Duration.ofSeconds(1));
  }

  private HttpServer server(int status) {
    HttpServer server = vertx
        .createHttpServer()
        .requestHandler(request -> request
            .response()
            .setStatusCode(request.uri().equals("/pods/0123abcd") ? status : 418)
            .end());
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    return server;
  }

  private boolean ask(HttpServer server) throws Exception {
    return ask(server.actualPort());
  }

  private boolean ask(int port) throws Exception {
    return ask(PeerAddress.plain("127.0.0.1", port));
  }

  private boolean ask(PeerAddress address) throws Exception {
    return inquiry
        .isAt(address, "0123abcd")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }
}
