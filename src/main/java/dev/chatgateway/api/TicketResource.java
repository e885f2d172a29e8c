package dev.chatgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.Pod;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.ticket.TicketSystem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** A ticket as a whole. */
@Path("/api/tickets/{ticket_id}")
@RolesAllowed("service")
@Produces(MediaType.APPLICATION_JSON)
public class TicketResource {
  private static final Set<String> FIELDS = Set.of("closed");

  private final Calls calls;
  private final TicketSystem tickets;

  TicketResource(Calls calls, Pod pod) {
    this.calls = calls;
    this.tickets = pod.tickets();
  }

  /** Closes the ticket for clients' messages, or reopens it. */
  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> set(
      @PathParam("ticket_id") String ticketId, @Context UriInfo uri, byte[] body) {
    Ids.require(ticketId, "ticket_id");
    Input.noQuery(uri);
    boolean closed = Input.body(body, FIELDS).bool("closed");
    return calls.call(
        link -> tickets.setClosed(link, ticketId, closed),
        done -> Calls.ok(new JsonWriter()
            .beginObject()
            .idField("ticket_id", ticketId)
            .field("closed", closed)
            .endObject()));
  }

  /** Forgets the ticket's state. */
  @DELETE
  public Uni<Response> forget(@PathParam("ticket_id") String ticketId, @Context UriInfo uri) {
    Ids.require(ticketId, "ticket_id");
    Input.noQuery(uri);
    return calls.call(
        link -> tickets.forget(link, ticketId), done -> Response.noContent().build());
  }

  /** Tells the room and the followers of a change; the body is what they are told. */
  @POST
  @Path("events")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> update(
      @PathParam("ticket_id") String ticketId, @Context UriInfo uri, byte[] body) {
    Ids.require(ticketId, "ticket_id");
    Input.noQuery(uri);
    ObjectNode data = Input.object(body);
    JsonNode claimed = data.remove("ticket_id");
    if (claimed != null && !Ids.of(claimed, "ticket_id").equals(ticketId)) {
      throw ChatException.badRequest("ticket_id", "is not that of the path; leave it out");
    }
    byte[] json = JsonReader.bytes(data);
    return calls.call(
        link -> tickets.update(link, ticketId, json),
        done -> Response.accepted().build());
  }
}
