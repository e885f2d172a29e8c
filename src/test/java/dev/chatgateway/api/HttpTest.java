package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP itself can get wrong. */
@QuarkusTest
class HttpTest {
  private static final int LIMIT = 128 * 1024;

  @TestHTTPResource("/api/tickets/http-test/messages")
  URI messages;

  /** Fails as code with a defect does. */
  @Path("/api/broken")
  @RolesAllowed("service")
  public static class Broken {
    @GET
    @Path("at-once")
    public Uni<String> atOnce() {
      throw new IllegalStateException("secret of " + Broken.class.getName());
    }

    @GET
    @Path("later")
    public Uni<String> later() {
      return Uni.createFrom().failure(new IllegalStateException("secret, too"));
    }
  }

  static Stream<Api.Route> routesWithBody() {
    return Api.routes().stream().filter(Api.Route::hasBody);
  }

  // Blank for the most part: the fields have limits of their own.
  private static String bodyOf(int size) {
    String message = "{\"user_id\":1,\"text\":\"hi\"}";
    return message + " ".repeat(size - message.length());
  }

  private HttpResponse<String> post(HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return post(HttpClient.newHttpClient(), HttpClient.Version.HTTP_1_1, body);
  }

  private HttpResponse<String> post(
      HttpClient client, HttpClient.Version version, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(messages)
        .version(version)
        .header("Authorization", "Bearer " + Tokens.service().sign())
        .header("Content-Type", "application/json")
        .POST(body)
        .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.BodyPublisher chunked(String body) {
    return HttpRequest.BodyPublishers.ofInputStream(
        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"at-once", "later"})
  void keepsDefectsToItself(String path) {
    Response response = Api.service().get("/api/broken/" + path);

    Api.problem(response, 500, "internal");
    assertThat(response.asString()).doesNotContain("secret").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/",
        "/api/nothing",
        "/api/tickets",
        "/api/tickets/1/nothing",
        "/api/tickets/1/messages/1",
        "/api/users/1"
      })
  void knowsNoOtherPaths(String path) {
    Response response = Api.service().get(path);

    assertThat(response.statusCode()).isIn(404, 405);
    Api.problem(response, response.statusCode(), "bad_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATCH", "DELETE", "PUT"})
  void knowsNoOtherMethods(String method) {
    Response response = Api.json("{}").request(method, "/api/tickets/1/messages");

    Api.problem(response, 405, "bad_request").header("Allow", "GET, HEAD, OPTIONS, POST");
  }

  @ParameterizedTest
  @MethodSource("routesWithBody")
  void refusesBodiesThatAreNotJson(Api.Route route) {
    for (String type : new String[] {
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/xml",
      "text/json",
      "application/merge-patch+json",
      "multipart/form-data; boundary=x"
    }) {
      Response response = Api.service()
          .config(RestAssured.config()
              .encoderConfig(EncoderConfig.encoderConfig()
                  .encodeContentTypeAs(type, ContentType.TEXT)
                  .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
          .contentType(type)
          .body("{}".getBytes(StandardCharsets.UTF_8))
          .request(route.method(), route.example());

      Api.problem(response, 415, "bad_request");
    }
  }

  @ParameterizedTest
  @MethodSource("routesWithBody")
  void refusesABodyOfNoType(Api.Route route) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(messages.resolve(route.example()))
        .header("Authorization", "Bearer " + Tokens.service().sign())
        .method(route.method(), HttpRequest.BodyPublishers.ofString("{}"))
        .build();

    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body()).contains("\"code\":\"bad_request\"");
  }

  @Test
  void takesJsonWithACharset() {
    Api.service()
        .contentType("application/json; charset=utf-8")
        .body("{\"user_id\":1,\"text\":\"é\"}".getBytes(StandardCharsets.UTF_8))
        .post("/api/tickets/{id}/messages", Api.newId())
        .then()
        .statusCode(201);
  }

  @Test
  void answersJsonOnly() {
    Api.problem(Api.service().accept("text/html").get("/api/users/1/presence"), 406, "bad_request");
    Api.service().accept("*/*").get("/api/users/1/presence").then().statusCode(200);
    Api.problem(
        Api.service().accept("application/json").get("/api/users/1/presence?x=1"),
        400,
        "bad_request");
  }

  @Test
  void takesABodyOfTheGreatestSize() throws Exception {
    assertThat(post(HttpRequest.BodyPublishers.ofString(bodyOf(LIMIT))).statusCode())
        .isEqualTo(201);
    assertThat(post(chunked(bodyOf(LIMIT))).statusCode()).isEqualTo(201);
  }

  @Test
  void refusesALargerBody() throws Exception {
    for (int size : new int[] {LIMIT + 1, 4 * LIMIT, 64 * LIMIT}) {
      HttpResponse<String> response = post(HttpRequest.BodyPublishers.ofString(bodyOf(size)));

      requireTooLarge(response);
    }
  }

  @Test
  void refusesALargerBodyOfUnknownLength() throws Exception {
    for (int size : new int[] {LIMIT + 1, 4 * LIMIT, 64 * LIMIT}) {
      HttpResponse<String> response = post(chunked(bodyOf(size)));

      requireTooLarge(response);
    }
  }

  @Test
  void doesNotOfferHttp2() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest.BodyPublisher small = HttpRequest.BodyPublishers.ofString(bodyOf(100));

    for (int i = 0; i < 2; i++) { // what is upgraded is, from the second request on
      HttpResponse<String> response = post(client, HttpClient.Version.HTTP_2, small);
      assertThat(response.statusCode()).isEqualTo(201);
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @Test
  void refusesBodiesThatAreAllBrackets() throws Exception {
    for (String bracket : new String[] {"[", "{\"a\":"}) {
      String body = bracket.repeat(LIMIT / bracket.length());

      HttpResponse<String> response = post(HttpRequest.BodyPublishers.ofString(body));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("\"code\":\"bad_request\"").hasSizeLessThan(300);
    }
  }

  private byte[] postHead(String token, String length) {
    return RawCall.head(
        messages,
        "POST",
        "/api/tickets/http-test/messages",
        "Authorization: Bearer " + token,
        "Content-Type: application/json",
        "Content-Length: " + length,
        "Expect: 100-Continue");
  }

  @Test
  void asksForABodyThatIsHeldBack() {
    String body = bodyOf(100);
    try (RawSocket raw = RawSocket.connect(messages)) {
      raw.write(postHead(Tokens.service().sign(), "100"));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 100 ");

      raw.write(body.getBytes(StandardCharsets.UTF_8));
      assertThat(raw.readResponse().status()).isEqualTo(201);
    }
  }

  @Test
  void doesNotAskForABodyItWouldRefuse() {
    for (String length : new String[] {Integer.toString(LIMIT + 1), "99999999999"}) {
      try (RawSocket raw = RawSocket.connect(messages)) {
        raw.write(postHead(Tokens.service().sign(), length));
        assertThat(raw.readResponse().status()).isEqualTo(413);
      }
    }
    try (RawSocket raw = RawSocket.connect(messages)) {
      raw.write(postHead("nonsense", "100"));
      assertThat(raw.readResponse().status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chat", "/no/such/path"})
  void refusesALargeBodyOnEveryPathWithAProblem(String path) {
    RawSocket.Response answer =
        RawCall.send(messages, "POST", path, "Content-Length: " + (LIMIT + 1));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.head()).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"too_large\"");
  }

  private static void requireTooLarge(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
    assertThat(response.body()).contains("\"code\":\"too_large\"", "\"retry\":false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/tickets/%/participants",
        "/api/tickets/%zz/participants",
        "/api/tickets/%E9/participants",
        "/api/tickets/a%2/participants",
        "/api/tickets/%C3%28/participants",
        "/api/tickets/1/messages?limit=%",
        "/api/tickets/1/messages?limit=%zz",
        "/api/tickets/1/messages?limit=%E9",
        "/api/tickets/1/messages?%zz=1",
        "/api/tickets/1;a=b/messages",
        "/api/tickets/1/messages;limit=1",
        "/api/tickets/1/messages?limit=1;limit=2",
      })
  void refusesABadlyWrittenAddress(String address) throws IOException {
    assertThat(get(address)).startsWith("HTTP/1.1 400 ").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "%2E%2E", "%2e%2e", "."})
  void neverTakesAnIdOfDotsForAPartOfThePath(String id) throws IOException {
    String ticket = Api.newId();
    Api.published(ticket, "hi");

    String answer = send("DELETE", "/api/tickets/" + ticket + "/participants/" + id);

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"bad_request\"");
    Api.service().get("/api/tickets/{id}/messages", ticket).then().body("messages", hasSize(1));
  }

  private String get(String address) throws IOException {
    return send("GET", address);
  }

  // No client would send these.
  private String send(String method, String address) throws IOException {
    try (Socket socket = new Socket(messages.getHost(), messages.getPort())) {
      String request = method + " " + address + " HTTP/1.1\r\nHost: localhost\r\n"
          + "Authorization: Bearer " + Tokens.service().sign() + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void answersHeadAsGetWithoutTheBody() {
    Api.service().head("/api/users/1/presence").then().statusCode(200).body(is(""));
  }
}
