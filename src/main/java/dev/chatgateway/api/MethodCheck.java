package dev.chatgateway.api;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers calls whose path does not know their method with 405 and {@code Allow}, and OPTIONS. Left
 * to itself, RESTEasy takes some of them for unknown paths, and names no methods.
 */
@Singleton
class MethodCheck {
  private static final int BEFORE_BODIES = BodyLimit.BEFORE_QUARKUS + 1;
  private static final String ROOT = "/api/";
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

  static final List<Class<?>> RESOURCES = List.of(
      AdminsResource.class,
      MessagesResource.class,
      RoomResource.class,
      StatusResource.class,
      TicketResource.class,
      UsersResource.class);

  /** A path of the API, as a pattern, and one method that it knows. */
  private record Route(Pattern path, String method) {}

  private static final List<Route> ROUTES =
      RESOURCES.stream().flatMap(MethodCheck::routes).toList();

  private static Stream<Route> routes(Class<?> resource) {
    String path = resource.getAnnotation(Path.class).value();
    return Stream.of(resource.getDeclaredMethods())
        .flatMap(method -> Stream.of(method.getAnnotations())
            .map(Annotation::annotationType)
            .map(type -> type.getAnnotation(jakarta.ws.rs.HttpMethod.class))
            .filter(Objects::nonNull)
            .map(known -> new Route(pattern(path, method), known.value())));
  }

  private static Pattern pattern(String path, Method method) {
    Path own = method.getAnnotation(Path.class);
    String whole = own == null ? path : path + "/" + own.value();
    return Pattern.compile(PARAMETER.matcher(whole).replaceAll("[^/]+") + "/?");
  }

  void register(@Observes Filters filters) {
    filters.register(MethodCheck::check, BEFORE_BODIES);
  }

  private static void check(RoutingContext call) {
    HttpServerRequest request = call.request();
    if (!isApi(call)) {
      call.next();
    } else if (request.path().contains("//")) {
      // Shortened by the router: an empty id would make it another call.
      Problem.answer(call, ChatException.badRequest("path", "must not have an empty part"));
    } else {
      check(call, allowed(call.normalizedPath()));
    }
  }

  private static void check(RoutingContext call, Set<String> allowed) {
    HttpMethod method = call.request().method();
    boolean options = method.equals(HttpMethod.OPTIONS);
    if (allowed.isEmpty() || (allowed.contains(method.name()) && !options)) {
      call.next();
      return;
    }
    call.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
    if (options) {
      call.response().setStatusCode(204).end();
    } else {
      Problem.answer(
          call,
          405,
          new ChatException(ErrorCode.BAD_REQUEST, "this path does not know that method"));
    }
  }

  /** Returns the methods that a path knows; none where there is nothing at it. */
  private static Set<String> allowed(String path) {
    Set<String> methods = ROUTES.stream()
        .filter(route -> route.path().matcher(path).matches())
        .map(Route::method)
        .collect(Collectors.toCollection(TreeSet::new));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    if (!methods.isEmpty()) {
      methods.add("OPTIONS");
    }
    return methods;
  }

  /** Returns whether a call is one of the ticket system's, however its path is written. */
  static boolean isApi(RoutingContext call) {
    return call.normalizedPath().startsWith(ROOT);
  }
}
