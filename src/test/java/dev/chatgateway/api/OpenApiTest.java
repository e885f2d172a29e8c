package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.protocol.ErrorCode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The document at {@code /q/openapi}, against what the calls do. */
@QuarkusTest
class OpenApiTest {
  private JsonNode document;

  @BeforeEach
  void read() throws IOException {
    document = new ObjectMapper()
        .readTree(RestAssured.given()
            .accept("application/json")
            .get("/q/openapi?format=json")
            .then()
            .statusCode(200)
            .extract()
            .asByteArray());
  }

  private JsonNode operation(Api.Route route) {
    return document.path("paths").path(route.path()).path(route.method().toLowerCase());
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void describesEachCallAndNoOther() {
    List<String> described = new ArrayList<>();
    document
        .path("paths")
        .fields()
        .forEachRemaining(path -> path.getValue().fieldNames().forEachRemaining(method -> {
          if (!method.equals("parameters")) {
            described.add(method.toUpperCase() + " " + path.getKey());
          }
        }));

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            Api.routes().stream().map(Api.Route::toString).toList());
  }

  @Test
  void describesTheProblemsOfEachCall() {
    for (Api.Route route : Api.routes()) {
      JsonNode responses = operation(route).path("responses");
      Set<String> problems = new TreeSet<>(List.of("400", "401", "403", "500", "503"));
      if (!route.method().equals("GET")) {
        problems.add("429");
      }
      if (route.hasBody()) {
        problems.addAll(List.of("413", "415"));
      }
      assertThat(names(responses)).as(route.toString()).containsAll(problems);
      for (String status : problems) {
        JsonNode content = resolved(responses.get(status)).path("content");
        assertThat(names(content)).containsExactly(Problem.MEDIA_TYPE);
        assertThat(content.path(Problem.MEDIA_TYPE).at("/schema/$ref").asText())
            .endsWith("/Problem");
      }
    }
  }

  @Test
  void describesTheBodyAndTheIdsOfEachCall() {
    for (Api.Route route : Api.routes()) {
      JsonNode operation = operation(route);
      assertThat(operation.at("/requestBody/content").has("application/json"))
          .as(route.toString())
          .isEqualTo(route.hasBody());
      assertThat(operation.path("operationId").asText()).isNotEmpty();
      assertThat(operation.path("summary").asText()).isNotEmpty();
      List<String> inPath = StreamSupport.stream(
              document.path("paths").path(route.path()).path("parameters").spliterator(), false)
          .map(parameter -> resolved(parameter).path("name").asText())
          .toList();
      List<String> expected = Arrays.stream(route.path().split("/"))
          .filter(part -> part.startsWith("{"))
          .map(part -> part.substring(1, part.length() - 1))
          .toList();
      assertThat(inPath).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void describesTheToken() {
    assertThat(document.at("/components/securitySchemes/service/type").asText()).isEqualTo("http");
    assertThat(document.at("/components/securitySchemes/service/scheme").asText())
        .isEqualTo("bearer");
    assertThat(document.at("/security/0").has("service")).isTrue();
  }

  @Test
  void namesOnlyCodesThereAre() {
    document
        .at("/components/schemas/Problem/properties/code/enum")
        .forEach(code -> assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wire))
            .contains(code.asText()));
  }

  @ParameterizedTest
  @CsvSource({
    "Accepted, POST, messages, '{\"user_id\":1,\"text\":\"hi\"}'",
    "Page, GET, messages,",
    "SetStatus, PUT, messages/m1/status, '{\"status\":\"read\"}'",
    "MessageStatus, GET, messages/m1/status,",
    "Typing, GET, typing,",
    "Participants, GET, participants,",
    "Removed, DELETE, participants/1,",
    "TicketState, PUT, '', '{\"closed\":false}'",
  })
  void describesTheFieldsOfWhatCallsAnswer(String schema, String method, String path, String body)
      throws IOException {
    String ticket = Api.newId();
    Api.publish(ticket, "{\"id\":\"m1\",\"user_id\":1,\"text\":\"hi\"}").then().statusCode(201);

    JsonNode answer = new ObjectMapper()
        .readTree((body == null ? Api.service() : Api.json(body))
            .request(method, "/api/tickets/" + ticket + (path.isEmpty() ? "" : "/" + path))
            .asByteArray());

    requireFields(answer, schema);
    if (schema.equals("Page")) {
      requireFields(answer.at("/messages/0"), "Message");
    }
  }

  private void requireFields(JsonNode answer, String name) {
    JsonNode schema = document.at("/components/schemas/" + name);
    Set<String> required = new TreeSet<>();
    schema.path("required").forEach(field -> required.add(field.asText()));
    assertThat(names(answer)).as(answer.toString()).isEqualTo(names(schema.path("properties")));
    assertThat(names(answer)).isEqualTo(required);
  }

  @Test
  void describesPresenceAndProblems() throws IOException {
    requireFields(
        new ObjectMapper().readTree(Api.service().get("/api/users/1/presence").asByteArray()),
        "Presence");
    JsonNode problem =
        new ObjectMapper().readTree(Api.service().get("/api/users/,/presence").asByteArray());
    assertThat(names(document.at("/components/schemas/Problem/properties")))
        .containsAll(names(problem));
  }

  @Test
  void describesFieldsThatCallsTake() {
    Api.publish(
            Api.newId(),
            "{\"id\":\"m\",\"user_id\":1,\"user_name\":\"A\",\"is_admin\":true,\"text\":\"t\","
                + "\"data\":1}")
        .then()
        .statusCode(201);
    assertThat(names(document.at("/components/schemas/NewMessage/properties")))
        .containsExactlyInAnyOrder("id", "user_id", "user_name", "is_admin", "text", "data");
    assertThat(names(document.at("/components/schemas/NewStatus/properties")))
        .containsExactlyInAnyOrder("status", "user_id");
    assertThat(names(document.at("/components/schemas/CustomEvent/properties")))
        .containsExactlyInAnyOrder("event", "data");
  }

  @Test
  void isReadableWithoutAToken() {
    RestAssured.get("/q/openapi").then().statusCode(200);
    assertThat(document.path("openapi").asText()).startsWith("3.1");
    RestAssured.get("/q/openapi?format=json").then().body("info.title", is("chat-gateway"));
  }
}
