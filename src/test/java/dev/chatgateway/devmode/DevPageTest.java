package dev.chatgateway.devmode;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page to try the gateway with. */
@QuarkusTest
class DevPageTest {
  @TestHTTPResource
  URI gateway;

  @ParameterizedTest
  @CsvSource({
    "/,           text/html",
    "/index.html, text/html",
    "/app.js,     text/javascript",
    "/style.css,  text/css",
    "/icon.svg,   image/svg+xml"
  })
  void isServedWithItsTypes(String path, String type) {
    given()
        .get(path)
        .then()
        .statusCode(200)
        .contentType(containsString(type))
        .header("Cache-Control", "no-cache")
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", containsString("default-src 'self'"))
        .header("Content-Security-Policy", containsString(" ws://" + gateway.getAuthority() + " "));
  }

  @Test
  void isServedWhole() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(DevPage.folder().orElseThrow())) {
      names = files.map(file -> file.getFileName().toString()).toList();
    }

    assertThat(names).contains("index.html");
    for (String name : names) {
      given().get("/" + name).then().statusCode(200);
    }
  }

  @Test
  void answersHeadWithoutABody() {
    given().head("/").then().statusCode(200).body(emptyString());
  }

  @Test
  void takesNothingFromAHostileHost() {
    given()
        .header("Host", "localhost,script-src")
        .get("/")
        .then()
        .statusCode(200)
        .header("Content-Security-Policy", containsString("connect-src 'self'; base-uri"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/../page/index.html", "/..%2f..%2f..%2fpom.xml", "/%2e%2e/%2e%2e/%2e%2e/pom.xml"})
  void refusesPathsThatMeanAnother(String path) {
    given().urlEncodingEnabled(false).get(path).then().statusCode(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/.env", "/nothing.js", "/app.js/"})
  void servesNothingElse(String path) {
    given().urlEncodingEnabled(false).get(path).then().statusCode(404);
  }
}
