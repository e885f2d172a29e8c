package dev.chatgateway.devmode;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The page to try the gateway with, at {@code /}, straight from the source tree: what is changed
 * there is seen on the next load.
 */
@ApplicationScoped
@IfBuildProfile(anyOf = {"dev", "test"})
public class DevPage {
  private static final Logger LOG = Logger.getLogger(DevPage.class);
  private static final Path FOLDER = Path.of("src", "dev", "page");
  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8",
      "css", "text/css; charset=utf-8",
      "js", "text/javascript; charset=utf-8",
      "svg", "image/svg+xml");
  // One folder without subfolders, and so no path can lead out of it.
  private static final Pattern FILE = Pattern.compile("/([a-z0-9-]+\\.([a-z]+))");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  void route(@Observes Router router) {
    Optional<Path> folder = folder();
    if (folder.isPresent()) {
      router
          .route("/*")
          .method(HttpMethod.GET)
          .method(HttpMethod.HEAD)
          .blockingHandler(request -> serve(folder.get(), request), false);
    } else {
      LOG.warnf("No page is served: there is no %s here or in a folder above", FOLDER);
    }
  }

  /** The page's folder, where this runs in the source tree. */
  static Optional<Path> folder() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(FOLDER).resolve("index.html"))) {
        return Optional.of(at.resolve(FOLDER));
      }
    }
    return Optional.empty();
  }

  private static void serve(Path folder, RoutingContext request) {
    String path = request.request().path();
    Matcher name = FILE.matcher("/".equals(path) ? "/index.html" : String.valueOf(path));
    String type = name.matches() ? TYPES.get(name.group(2)) : null;
    Path file = type == null ? null : folder.resolve(name.group(1));
    if (file == null || !Files.isRegularFile(file)) {
      request.next();
      return;
    }
    try {
      request
          .response()
          .putHeader("Content-Type", type)
          .putHeader("Cache-Control", "no-cache")
          .putHeader("Content-Security-Policy", policy(request.request().getHeader("Host")))
          .putHeader("X-Content-Type-Options", "nosniff")
          .putHeader("Referrer-Policy", "no-referrer")
          .end(Buffer.buffer(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Some browsers don't take 'self' to be about WebSockets.
  private static String policy(String host) {
    String sockets =
        host != null && HOST.matcher(host).matches() ? " ws://" + host + " wss://" + host : "";
    return "default-src 'self'; connect-src 'self'" + sockets
        + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }
}
