package dev.chatgateway.api;

import dev.chatgateway.Pod;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.ticket.TicketSystem;
import dev.chatgateway.typing.Typing;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** Who is in a ticket's room. */
@Path("/api/tickets/{ticket_id}")
@RolesAllowed("service")
@Produces(MediaType.APPLICATION_JSON)
public class RoomResource {
  private static final Set<String> CLOSE = Set.of("close");
  private static final Set<String> PAGE = Set.of("limit", "cursor");

  private final Calls calls;
  private final Typing typing;
  private final TicketSystem tickets;

  RoomResource(Calls calls, Pod pod) {
    this.calls = calls;
    this.typing = pod.typing();
    this.tickets = pod.tickets();
  }

  /** Who types. */
  @GET
  @Path("typing")
  public Uni<Response> typing(@PathParam("ticket_id") String ticketId, @Context UriInfo uri) {
    Ids.require(ticketId, "ticket_id");
    Input.noQuery(uri);
    return calls.call(link -> typing.users(link, ticketId), Calls::ok);
  }

  /** Who is there. */
  @GET
  @Path("participants")
  public Uni<Response> participants(@PathParam("ticket_id") String ticketId, @Context UriInfo uri) {
    Ids.require(ticketId, "ticket_id");
    Fields page = Input.query(uri, PAGE);
    return calls.call(link -> tickets.participants(link, ticketId, page), Calls::ok);
  }

  /** Puts a user out, everywhere; {@code ?close=true} ends their connections there as well. */
  @DELETE
  @Path("participants/{user_id}")
  public Uni<Response> remove(
      @PathParam("ticket_id") String ticketId,
      @PathParam("user_id") String userId,
      @Context UriInfo uri) {
    Ids.require(ticketId, "ticket_id");
    Ids.requireUser(userId, "user_id");
    boolean close = Input.query(uri, CLOSE).optionalBool("close", false);
    return calls.call(
        link -> tickets.remove(link, ticketId, userId, close),
        removed -> Calls.ok(new JsonWriter()
            .beginObject()
            .idField("ticket_id", ticketId)
            .idField("user_id", userId)
            .field("removed", removed)
            .endObject()));
  }
}
