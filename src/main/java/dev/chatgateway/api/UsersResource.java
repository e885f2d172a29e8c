package dev.chatgateway.api;

import dev.chatgateway.Pod;
import dev.chatgateway.presence.UserStore;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.Timestamps;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Set;

/** One user and their connections, on all pods. */
@Path("/api/users/{user_id}")
@RolesAllowed("service")
@Produces(MediaType.APPLICATION_JSON)
public class UsersResource {
  private static final String REVOKE_BEFORE = "revoke_before";

  private final Calls calls;
  private final UserStore users;

  UsersResource(Calls calls, Pod pod) {
    this.calls = calls;
    this.users = pod.users();
  }

  /** Sends any event to all connections of the user. */
  @POST
  @Path("events")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> send(
      @PathParam("user_id") String userId, @Context UriInfo uri, byte[] body) {
    Ids.requireUser(userId, "user_id");
    Input.noQuery(uri);
    CustomEvent event = CustomEvent.of(body);
    return calls.call(
        link -> users.event(link, userId, event.name(), event.data()),
        connections -> Calls.json(
            202,
            new JsonWriter()
                .beginObject()
                .field("connections", connections)
                .endObject()
                .toBytes()));
  }

  /** Whether the user is connected, and when they last were. */
  @GET
  @Path("presence")
  public Uni<Response> presence(@PathParam("user_id") String userId, @Context UriInfo uri) {
    Ids.requireUser(userId, "user_id");
    Input.noQuery(uri);
    return calls.call(
        link -> users.presence(link, userId), presence -> Calls.ok(json(userId, presence)));
  }

  private static JsonWriter json(String userId, UserStore.Presence presence) {
    long seen = presence.lastSeenMs();
    return new JsonWriter()
        .beginObject()
        .idField("user_id", userId)
        .field("connected", presence.connections() > 0)
        .field("connections", presence.connections())
        .field("last_seen", seen == 0 ? null : Timestamps.iso(seen))
        .endObject();
  }

  /** Closes them; {@code ?revoke_before=now} refuses the user's older tokens as well. */
  @DELETE
  @Path("connections")
  public Uni<Response> close(@PathParam("user_id") String userId, @Context UriInfo uri) {
    Ids.requireUser(userId, "user_id");
    String path = Input.query(uri, Set.of(REVOKE_BEFORE)).path(REVOKE_BEFORE);
    long revokeBefore =
        Revocation.parse(uri.getQueryParameters().getFirst(REVOKE_BEFORE), path, Instant.now());
    return calls.call(
        link -> users.close(link, userId, revokeBefore),
        connections -> Calls.ok(new JsonWriter()
            .beginObject()
            .idField("user_id", userId)
            .field("connections", connections)
            .endObject()));
  }
}
