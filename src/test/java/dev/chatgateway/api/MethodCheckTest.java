package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A path says which methods it knows to whoever tries another. */
@QuarkusTest
class MethodCheckTest {
  @TestHTTPResource("/")
  URI gateway;

  static Stream<String> paths() {
    return Api.routes().stream().map(Api.Route::path).distinct();
  }

  private static Set<String> methods(String path) {
    Set<String> methods = Api.routes().stream()
        .filter(route -> route.path().equals(path))
        .map(Api.Route::method)
        .collect(Collectors.toCollection(TreeSet::new));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    return methods;
  }

  private static Set<String> allow(String header) {
    return Arrays.stream(header.split(",")).map(String::strip).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("paths")
  void anotherMethodIsAnsweredWithThoseThereAre(String path) {
    Set<String> known = methods(path);
    String example = path.replaceAll("\\{[^}]*}", "1");
    for (String method :
        List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get")) {
      if (known.contains(method)) {
        continue;
      }
      for (String address : List.of(example, example + "?x=1", example + "/")) {
        RawSocket.Response answer = RawCall.send(
            gateway,
            method,
            address,
            "Authorization: Bearer " + Tokens.service().sign(),
            "Content-Length: 0");

        assertThat(answer.status()).as(method + " " + address).isEqualTo(405);
        String head = answer.head();
        int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("\r\nallow: ") + 9;
        assertThat(allow(head.substring(at, head.indexOf('\r', at)))).isEqualTo(known);
        assertThat(head).contains("application/problem+json");
        if (!method.equals("HEAD")) {
          assertThat(answer.body()).contains("\"code\":\"bad_request\"", "\"status\":405");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void optionsNamesThemToo(String path) {
    Response answer = Api.service().options(path.replaceAll("\\{[^}]*}", "1"));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(allow(answer.header("Allow"))).isEqualTo(methods(path));
    assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void chatKnowsOneMethod(String method) {
    RawSocket.Response answer = RawCall.send(gateway, method, "/chat", "Content-Length: 0");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.head()).containsIgnoringCase("allow: GET\r\n");
    assertThat(answer.head()).contains("application/problem+json");
  }

  @Test
  void everyResourceIsKnown() {
    Set<Class<?>> found = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.chatgateway")
            .stream()
            .filter(one -> one.isAnnotatedWith(Path.class))
            .map(JavaClass::reflect)
            .collect(Collectors.toSet());

    assertThat(MethodCheck.RESOURCES).containsExactlyInAnyOrderElementsOf(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/api",
        "/api/nothing",
        "/api/tickets//messages",
        "/api//tickets/1/messages",
        "//api/tickets/1/messages",
        "/chat",
        "/chat/",
        "/chat/x"
      })
  void whateverIsRefusedIsAProblem(String path) {
    RawSocket.Response answer = RawCall.send(
        gateway, "GET", path, "Authorization: Bearer " + Tokens.service().sign());

    assertThat(answer.status()).isIn(400, 404, 426);
    assertThat(answer.head()).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"bad_request\"", "\"status\":" + answer.status());
  }

  /** With an empty id it would be another call. */
  @Test
  void anEmptyPartIsRefused() {
    for (String path :
        List.of("/api/tickets//participants/", "/api/tickets//", "//api/tickets/1")) {
      RawSocket.Response answer = RawCall.send(
          gateway, "DELETE", path, "Authorization: Bearer " + Tokens.service().sign());

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("\"code\":\"bad_request\"");
    }
  }
}
