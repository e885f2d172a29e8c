package dev.chatgateway.socket;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Lets only opening handshakes of RFC 6455 through to the WebSocket at {@code /chat}. Vert.x also
 * speaks the drafts before it, and answers malformed handshakes without a problem.
 */
@Singleton
class ChatHandshake {
  private static final String VERSION = "13";
  // 16 bytes.
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

  void register(@Observes Router router) {
    router.route("/chat").order(-1).handler(ChatHandshake::check);
  }

  private static void check(RoutingContext call) {
    HttpServerRequest request = call.request();
    HttpServerResponse response = request.response();
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.ALLOW, HttpMethod.GET.name());
      refuse(response, 405, "this path does not know that method");
    } else if (!isWebSocketWanted(request)) {
      response
          .putHeader(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET)
          .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
      refuse(response, 426, "this path opens WebSockets only");
    } else if (!VERSION.equals(only(request, HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      response.putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      refuse(response, 426, "Sec-WebSocket-Version must be " + VERSION);
    } else if (!isKey(only(request, HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
      refuse(response, 400, "Sec-WebSocket-Key must be 16 bytes in base64");
    } else {
      call.next();
    }
  }

  private static boolean isWebSocketWanted(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET)
        && request.version() == HttpVersion.HTTP_1_1
        && has(request, HttpHeaders.CONNECTION, "upgrade")
        && has(request, HttpHeaders.UPGRADE, "websocket");
  }

  private static boolean has(HttpServerRequest request, CharSequence header, String token) {
    for (String value : request.headers().getAll(header)) {
      for (String part : value.split(",")) {
        if (part.strip().toLowerCase(Locale.ROOT).equals(token)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String only(HttpServerRequest request, CharSequence header) {
    List<String> values = request.headers().getAll(header);
    return values.size() == 1 ? values.get(0).strip() : null;
  }

  private static boolean isKey(String value) {
    return value != null && KEY.matcher(value).matches();
  }

  private static void refuse(HttpServerResponse response, int status, String detail) {
    Refused.with(response, status, new ChatException(ErrorCode.BAD_REQUEST, detail));
  }
}
