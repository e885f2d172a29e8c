package dev.chatgateway.api;

import dev.chatgateway.Pod;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.ticket.Marks;
import dev.chatgateway.ticket.Status;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** The status of one message. A message that is no longer kept has none: 404. */
@Path("/api/tickets/{ticket_id}/messages/{message_id}/status")
@RolesAllowed("service")
@Produces(MediaType.APPLICATION_JSON)
public class StatusResource {
  private static final Set<String> FIELDS = Set.of("status", "user_id");
  private static final int MAX_STATUS_LENGTH = 16;

  private final Calls calls;
  private final Marks marks;

  StatusResource(Calls calls, Pod pod) {
    this.calls = calls;
    this.marks = pod.marks();
  }

  /** Moves the status up; {@code changed} is false where it was there, or further, already. */
  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> set(
      @PathParam("ticket_id") String ticketId,
      @PathParam("message_id") String messageId,
      @Context ContainerRequestContext request,
      @Context UriInfo uri,
      byte[] body) {
    Ids.require(ticketId, "ticket_id");
    Ids.require(messageId, "message_id");
    Input.noQuery(uri);
    Fields fields = Input.body(body, FIELDS);
    Status status =
        Status.ofWire(fields.string("status", MAX_STATUS_LENGTH), fields.path("status"));
    String onBehalfOf = fields.optionalUserId("user_id");
    String userId = onBehalfOf == null ? CallFilter.caller(request).userId() : onBehalfOf;
    return calls.call(
        link -> marks.set(link, ticketId, messageId, status, userId),
        set -> set == null
            ? noMessage()
            : Calls.ok(json(ticketId, messageId, set.status())
                .field("changed", set.moved())
                .endObject()));
  }

  /** The status now. */
  @GET
  public Uni<Response> get(
      @PathParam("ticket_id") String ticketId,
      @PathParam("message_id") String messageId,
      @Context UriInfo uri) {
    Ids.require(ticketId, "ticket_id");
    Ids.require(messageId, "message_id");
    Input.noQuery(uri);
    return calls.call(
        link -> marks.status(link, ticketId, messageId),
        status -> status == null
            ? noMessage()
            : Calls.ok(json(ticketId, messageId, status).endObject()));
  }

  private static JsonWriter json(String ticketId, String messageId, Status status) {
    return new JsonWriter()
        .beginObject()
        .idField("ticket_id", ticketId)
        .field("message_id", messageId)
        .field("status", status.wire());
  }

  private static Response noMessage() {
    return Problem.response(404, "no message of that id is kept in this ticket");
  }
}
