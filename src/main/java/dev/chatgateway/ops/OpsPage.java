package dev.chatgateway.ops;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The page {@code /ops} on the management port, which shows people what {@link OpsEndpoint} says.
 * The page itself is no secret and asks for the token; all of it comes from here.
 */
@Singleton
public class OpsPage {
  private static final String FOLDER = "/ops/";
  private static final Map<String, String> FILES = Map.of(
      "page.css", "text/css; charset=utf-8",
      "page.js", "text/javascript; charset=utf-8",
      "view.js", "text/javascript; charset=utf-8",
      "figures.js", "text/javascript; charset=utf-8",
      "icon.svg", "image/svg+xml");
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          + "require-trusted-types-for 'script'; trusted-types 'none'";

  void route(@Observes ManagementInterface management) {
    Buffer page = page();
    management.router().get("/ops").handler(call -> {
      // Links of the page are relative, so that it works behind a proxy's prefix.
      if (call.request().path().endsWith("/")) {
        call.response()
            .setStatusCode(302)
            .putHeader(HttpHeaders.LOCATION, "../ops")
            .end();
      } else {
        end(call, "text/html; charset=utf-8", page);
      }
    });
    FILES.forEach((name, type) -> {
      Buffer file = Buffer.buffer(read(name));
      management.router().get(FOLDER + name).handler(call -> end(call, type, file));
    });
  }

  // Only there does it offer tokens that the gateway makes itself.
  private static Buffer page() {
    String html = new String(read("index.html"), StandardCharsets.UTF_8);
    return Buffer.buffer(
        LaunchMode.current().isDevOrTest() ? html.replace("<html ", "<html data-dev ") : html);
  }

  private static void end(RoutingContext call, String type, Buffer body) {
    call.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .end(body);
  }

  private static byte[] read(String name) {
    try (InputStream in = OpsPage.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("no " + FOLDER + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
