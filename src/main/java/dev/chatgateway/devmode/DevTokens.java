package dev.chatgateway.devmode;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ProblemJson;
import dev.chatgateway.protocol.Timestamps;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.ManagementInterface;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * {@code POST /dev/token}: a token for whoever one says one is, signed with the key that Quarkus
 * makes up for dev mode and tests.
 */
@ApplicationScoped
@IfBuildProfile(anyOf = {"dev", "test"})
public class DevTokens {
  static final String PATH = "/dev/token";

  private static final Logger LOG = Logger.getLogger(DevTokens.class);
  private static final Set<String> FIELDS =
      Set.of("user_id", "user_name", "is_admin", "tickets", "service", "expires_in_s");
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_TICKETS = 1000;
  private static final long DEFAULT_LIFETIME_S = 3600;
  private static final long MAX_LIFETIME_S = 24 * 3600;

  void route(@Observes Router router) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY);
    router.post(PATH).handler(body).handler(DevTokens::answer);
  }

  /** There, too, for the page with the pods. */
  void route(@Observes ManagementInterface management) {
    route(management.router());
  }

  private static void answer(RoutingContext request) {
    int status = 200;
    byte[] answer;
    try {
      Buffer body = request.body().buffer();
      answer = token(JsonReader.object(body == null ? new byte[0] : body.getBytes()));
    } catch (ChatException e) {
      status = e.code().httpStatus();
      answer = problem(status, e);
    } catch (RuntimeException e) {
      LOG.error("No token could be made", e);
      status = 500;
      answer = problem(
          status, new ChatException(ErrorCode.INTERNAL, "no token could be made; see the log"));
    }
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", status == 200 ? "application/json" : ProblemJson.MEDIA_TYPE)
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(answer));
  }

  private static byte[] token(ObjectNode body) {
    Fields fields = Fields.of(body, "", FIELDS);
    boolean service = fields.optionalBool("service", false);
    String userId = service && !fields.has("user_id") ? "ticket-system" : fields.userId("user_id");
    String name = fields.optionalString("user_name", MAX_NAME_LENGTH);
    Set<String> groups = new HashSet<>();
    if (fields.optionalBool("is_admin", false)) {
      groups.add("admin");
    }
    if (service) {
      groups.add("service");
    }
    // Staff has no tickets of its own, and a page may say so with an empty list.
    boolean none = body.get("tickets") instanceof ArrayNode array && array.isEmpty();
    List<String> tickets =
        !none && fields.has("tickets") ? fields.ids("tickets", MAX_TICKETS) : List.of();
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant end =
        now.plusSeconds(fields.optionalLong("expires_in_s", 1, MAX_LIFETIME_S, DEFAULT_LIFETIME_S));
    JwtClaimsBuilder claims = Jwt.subject(userId)
        .groups(groups)
        .claim("tickets", tickets)
        .issuedAt(now)
        .expiresAt(end);
    if (name != null) {
      claims.claim("name", name);
    }
    return new JsonWriter()
        .beginObject()
        .field("token", claims.sign())
        .field("expires_at", Timestamps.iso(end.toEpochMilli()))
        .endObject()
        .toBytes();
  }

  private static byte[] problem(int status, ChatException error) {
    return ProblemJson.of(status, HttpResponseStatus.valueOf(status).reasonPhrase(), error);
  }
}
