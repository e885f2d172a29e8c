package dev.chatgateway.api;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.session.Failures;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes a problem of whatever goes wrong in a call. */
class ProblemMappers {
  private static final int MAX_LOGGED_PATH = 200;

  @ServerExceptionMapper
  Response noToken(UnauthorizedException e) {
    return Problem.response(new ChatException(
        ErrorCode.UNAUTHENTICATED, "send the ticket system's token as Authorization: Bearer"));
  }

  @ServerExceptionMapper
  Response badToken(AuthenticationFailedException e, Request request, UriInfo uri) {
    return failed(e.getCause() == null ? e : e.getCause(), request, uri);
  }

  @ServerExceptionMapper
  Response notTheTicketSystem(ForbiddenException e) {
    return Problem.response(
        new ChatException(ErrorCode.FORBIDDEN, "the token's groups must hold service"));
  }

  /** What JAX-RS refuses by itself. */
  @ServerExceptionMapper
  Response refused(WebApplicationException e, Request request, UriInfo uri) {
    int status = e.getResponse().getStatus();
    return switch (status) {
      case 404 -> Problem.response(status, "there is nothing at this path");
      case 405 -> Problem.response(status, "this path does not know that method");
      case 406 -> Problem.response(status, "answers are application/json");
      case 415 -> Problem.response(status, "the body must be application/json");
      default ->
        status >= 400 && status < 500
            ? Problem.response(status, "the request is malformed")
            : failed(e, request, uri);
    };
  }

  @ServerExceptionMapper
  Response failed(Throwable e, Request request, UriInfo uri) {
    return Problem.response(Failures.toldToClient(e, "http", doing(request, uri)));
  }

  // As it was sent, that is without control characters.
  private static String doing(Request request, UriInfo uri) {
    String path = uri.getRequestUri().getRawPath();
    return request.getMethod() + " " + path.substring(0, Math.min(path.length(), MAX_LOGGED_PATH));
  }
}
