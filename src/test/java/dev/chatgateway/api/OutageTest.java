package dev.chatgateway.api;

import dev.chatgateway.testing.RedisResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The calls while Redis is out of reach. */
@QuarkusTest
@TestProfile(OutageTest.NoRedis.class)
class OutageTest {
  /** A Redis where there is none. */
  public static class NoRedis implements QuarkusTestProfile {
    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "quarkus.redis.hosts",
          "redis://localhost:1",
          "chat.redis.key-prefix",
          RedisResource.newKeyPrefix());
    }
  }

  private static final Map<String, String> BODIES = Map.of(
      "messages", "{\"user_id\":1,\"text\":\"hi\"}",
      "status", "{\"status\":\"read\"}",
      "events", "{\"event\":\"e\"}",
      "{ticket_id}", "{\"closed\":true}");

  static Stream<Api.Route> routes() {
    return Api.routes().stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void saysThatTheStoreIsOutOfReach(Api.Route route) {
    RequestSpecification call = Api.service();
    if (route.hasBody()) {
      String last = route.path().substring(route.path().lastIndexOf('/') + 1);
      call.contentType(ContentType.JSON).body(BODIES.get(last));
    }

    Api.problem(call.request(route.method(), route.example()), 503, "unavailable")
        .header("Retry-After", "1");
  }
}
