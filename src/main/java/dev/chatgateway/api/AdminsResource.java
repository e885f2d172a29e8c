package dev.chatgateway.api;

import dev.chatgateway.Pod;
import dev.chatgateway.presence.AdminEvents;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** The support staff. */
@Path("/api/admins")
@RolesAllowed("service")
@Produces(MediaType.APPLICATION_JSON)
public class AdminsResource {
  private final Calls calls;
  private final AdminEvents admins;

  AdminsResource(Calls calls, Pod pod) {
    this.calls = calls;
    this.admins = pod.adminEvents();
  }

  /** Sends any event to all their connections. */
  @POST
  @Path("events")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> send(@Context UriInfo uri, byte[] body) {
    Input.noQuery(uri);
    CustomEvent event = CustomEvent.of(body);
    return calls.call(
        link -> admins.send(link, event.name(), event.data()),
        done -> Response.accepted().build());
  }
}
