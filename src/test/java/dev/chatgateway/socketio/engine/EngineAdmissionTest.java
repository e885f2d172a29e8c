package dev.chatgateway.socketio.engine;

import static dev.chatgateway.socketio.engine.EchoServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.socketio.EngineFixture;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Before a request is taken it is asked whether it is admitted, and whose session it is of. */
class EngineAdmissionTest {
  @Test
  void admissionRefusesWithAStatusAndAddsHeaders() throws Exception {
    Admission admission = new Admission() {
      @Override
      public Denial check(HttpServerRequest request, boolean handshake) {
        if ("evil".equals(request.getHeader("X-From"))) {
          return Denial.FORBIDDEN;
        }
        return handshake && "late".equals(request.getHeader("X-From"))
            ? new Denial(503, Map.of("Retry-After", "1"), Buffer.buffer("later"))
            : null;
      }

      @Override
      public void addHeaders(HttpServerRequest request, MultiMap headers) {
        headers.set("Access-Control-Allow-Origin", "https://a.example");
      }
    };

    try (EchoServer server = new EchoServer(OPTIONS, admission, Forwarder.NONE)) {
      EngineFixture engine = server.engine;
      HttpResponse<String> forbidden =
          engine.send(engine.request("polling").header("X-From", "evil"));
      assertThat(forbidden.statusCode()).isEqualTo(403);
      assertThat(forbidden.body()).isEqualTo("{\"code\":4,\"message\":\"Forbidden\"}");

      HttpResponse<String> late = engine.send(engine.request("polling").header("X-From", "late"));
      assertThat(late.statusCode()).isEqualTo(503);
      assertThat(late.headers().firstValue("retry-after")).hasValue("1");

      HttpResponse<String> preflight =
          engine.send(engine.request("polling").method("OPTIONS", BodyPublishers.noBody()));
      assertThat(preflight.statusCode()).isEqualTo(204);

      String sid = engine.open();
      HttpResponse<String> post = engine.send(engine
          .request("polling&sid=" + sid)
          .header("X-From", "late")
          .POST(BodyPublishers.ofString("4a")));
      for (HttpResponse<String> one : List.of(forbidden, late, preflight, post, engine.poll(sid))) {
        assertThat(one.headers().firstValue("access-control-allow-origin"))
            .hasValue("https://a.example");
      }
      assertThat(post.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void requestsOfUnknownSessionsMayBeForwardedUnread() throws Exception {
    Forwarder forwarder = (request, sid, unknown) -> {
      if (!sid.startsWith("elsewhere")) {
        return false;
      }
      request.body().onSuccess(body -> request.response().end(sid + " got " + body));
      return true;
    };

    try (EchoServer server = new EchoServer(OPTIONS, Admission.ALL, forwarder)) {
      EngineFixture engine = server.engine;
      assertThat(engine.post("elsewhere-7", "4a").body()).isEqualTo("elsewhere-7 got 4a");
      assertThat(engine.poll("nowhere").statusCode()).isEqualTo(400);
      assertThat(RawHttp.upgrade(
              engine.port(), "/engine.io/?EIO=4&transport=websocket&sid=elsewhere-8"))
          .startsWith("HTTP/1.1 200");
    }
  }
}
