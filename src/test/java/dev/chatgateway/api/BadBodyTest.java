package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are not one JSON object. */
@QuarkusTest
class BadBodyTest {
  static Stream<Arguments> badBodies() {
    return Api.routes().stream()
        .filter(Api.Route::hasBody)
        .flatMap(route -> Stream.of(
                "",
                " ",
                "null",
                "1",
                "\"a\"",
                "[]",
                "[{}]",
                "{",
                "{\"a\":1",
                "{}{}",
                "{} x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":1,}",
                "{\"a\":1}//",
                "{\"a\":\"\u0001\"}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":" + "9".repeat(101) + "}",
                "{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}")
            .map(body -> Arguments.of(route.method(), route.example(), body)));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void refusesWhatIsNotOneJsonObject(String method, String path, String body) {
    Response response = Api.json(body).request(method, path);

    Api.problem(response, 400, "bad_request").body("detail", startsWith("$: "));
    assertThat(response.asString())
        .doesNotContainIgnoringCase("jackson")
        .doesNotContainIgnoringCase("exception")
        .hasSizeLessThan(300);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] body = "{\"user_id\":1,\"text\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

    Response response =
        Api.service().contentType(ContentType.JSON).body(body).post("/api/tickets/1/messages");

    Api.problem(response, 400, "bad_request").body("detail", startsWith("$: "));
  }
}
