package dev.chatgateway.api;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.UserName;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.ticket.History;
import dev.chatgateway.ticket.Messages;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A ticket's messages. */
@Path("/api/tickets/{ticket_id}/messages")
@RolesAllowed("service")
@Produces(MediaType.APPLICATION_JSON)
public class MessagesResource {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final String TRACEPARENT = "traceparent";
  private static final Pattern KEY = Pattern.compile("[!-~]{1,64}");
  private static final Set<String> FIELDS =
      Set.of("id", "user_id", "user_name", "is_admin", "text", "data");
  private static final Set<String> PAGE = Set.of("before_seq", "after_seq", "limit");

  private final Calls calls;
  private final Messages messages;
  private final History history;

  MessagesResource(Calls calls, Pod pod) {
    this.calls = calls;
    this.messages = pod.messages();
    this.history = pod.history();
  }

  /** Publishes a message: 201, or 200 for a retry of one that had been published. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> publish(
      @PathParam("ticket_id") String ticketId,
      @Context ContainerRequestContext request,
      @Context UriInfo uri,
      byte[] body) {
    Ids.require(ticketId, "ticket_id");
    Input.noQuery(uri);
    Fields fields = Input.body(body, FIELDS);
    Messages.Author author = author(fields, key(request));
    String traceparent = request.getHeaders().getFirst(TRACEPARENT);
    return calls.call(
        link -> messages.publish(link, ticketId, author, fields, traceparent),
        accepted -> Calls.json(accepted.duplicate() ? 200 : 201, accepted.json()));
  }

  private static Messages.Author author(Fields fields, String key) {
    String userId = fields.userId("user_id");
    String userName = fields.optionalString("user_name", UserName.MAX_LENGTH);
    return new Messages.Author(
        fields.optionalId("id"),
        key,
        userId,
        userName == null ? userId : UserName.shown(userName, userId),
        fields.optionalBool("is_admin", false));
  }

  /** What a retry is known by: each caller has keys of its own. */
  private static String key(ContainerRequestContext request) {
    List<String> headers = request.getHeaders().get(IDEMPOTENCY_KEY);
    if (headers == null || headers.isEmpty()) {
      return null;
    }
    if (headers.size() > 1 || !KEY.matcher(headers.get(0)).matches()) {
      throw ChatException.badRequest(
          IDEMPOTENCY_KEY, "must be 1 to 64 printable ASCII characters without spaces");
    }
    // A caller's id may have a colon, but no slash.
    return CallFilter.caller(request).userId() + "/" + headers.get(0);
  }

  /** A page of the ticket's history. */
  @GET
  public Uni<Response> history(@PathParam("ticket_id") String ticketId, @Context UriInfo uri) {
    Ids.require(ticketId, "ticket_id");
    Fields page = Input.query(uri, PAGE);
    return calls.call(link -> history.page(link, ticketId, page), Calls::ok);
  }
}
