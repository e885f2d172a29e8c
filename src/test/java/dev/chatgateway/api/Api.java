package dev.chatgateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import dev.chatgateway.testing.Tokens;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The calls of the ticket system, as tests make them. */
final class Api {
  private static final List<Class<?>> RESOURCES = List.of(
      AdminsResource.class,
      MessagesResource.class,
      RoomResource.class,
      StatusResource.class,
      TicketResource.class,
      UsersResource.class);

  private Api() {}

  /** A call with the ticket system's token. */
  static RequestSpecification service() {
    return as(Tokens.service().sign());
  }

  static RequestSpecification as(String token) {
    return given().auth().oauth2(token);
  }

  /** A call with the ticket system's token and a body. */
  static RequestSpecification json(String body) {
    return service().contentType(ContentType.JSON).body(body);
  }

  /** An id nothing else has. */
  static String newId() {
    return "x" + UUID.randomUUID().toString().substring(0, 18);
  }

  /** Publishes a message and returns what came of it. */
  static Response publish(String ticketId, String body) {
    return json(body).post("/api/tickets/{id}/messages", ticketId);
  }

  /** Publishes a message of that text and returns its id. */
  static String published(String ticketId, String text) {
    return publish(ticketId, "{\"user_id\":\"agent\",\"text\":\"" + text + "\"}")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Requires that the response is a problem of that status and code, and no more than that. */
  static ValidatableResponse problem(Response response, int status, String code) {
    return response
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", is("about:blank"))
        .body("title", notNullValue())
        .body("status", is(status))
        .body("detail", notNullValue())
        .body("code", is(code))
        .body("retry", is(code.equals("rate_limited") || code.equals("unavailable")));
  }

  /**
   * A call there is.
   *
   * @param path with its parameters in braces
   */
  record Route(String method, String path) {
    /** The path with {@code 1} for each parameter. */
    String example() {
      return path.replaceAll("\\{[^}]*}", "1");
    }

    boolean hasBody() {
      return method.equals("POST") || method.equals("PUT");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** All calls there are, as the code has them. */
  static List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (Class<?> resource : RESOURCES) {
      routes(resource, routes);
    }
    return routes;
  }

  private static void routes(Class<?> resource, List<Route> routes) {
    for (Method method : resource.getDeclaredMethods()) {
      for (Annotation annotation : method.getAnnotations()) {
        HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
        if (http != null) {
          Path sub = method.getAnnotation(Path.class);
          String path =
              resource.getAnnotation(Path.class).value() + (sub == null ? "" : "/" + sub.value());
          routes.add(new Route(http.value(), path));
        }
      }
    }
  }
}
