package dev.chatgateway.socket;

import dev.chatgateway.auth.BearerToken;
import dev.chatgateway.protocol.ChatException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the subprotocols that a client offers. Two of them mean something, together: {@link
 * #CARRIER}, and a second one that holds the token, for browsers, which can set no header:
 *
 * <pre>quarkus-http-upgrade#Authorization#Bearer …</pre>
 *
 * <p>URL-encoded, as a subprotocol must be. All others are ignored.
 *
 * @param carrier whether {@link #CARRIER} was offered
 * @param token the token; null without one
 */
record Subprotocols(boolean carrier, String token) {
  static final String CARRIER = "bearer-token-carrier";

  private static final String TOKEN = "quarkus-http-upgrade";
  private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

  /**
   * Reads them.
   *
   * @param headers the values of all headers {@code Sec-WebSocket-Protocol}
   * @throws ChatException {@code bad_request} if the token's one is malformed, comes twice, or comes
   *     without {@link #CARRIER}; the message holds nothing of it
   */
  static Subprotocols of(List<String> headers) {
    boolean carrier = false;
    String token = null;
    for (String header : headers) {
      for (String offer : header.split(",")) {
        String name = offer.strip();
        if (name.equals(CARRIER)) {
          carrier = true;
        } else if (name.startsWith(TOKEN)) {
          if (token != null) {
            throw malformed();
          }
          token = token(name);
        }
      }
    }
    if (token != null && !carrier) {
      throw malformed();
    }
    return new Subprotocols(carrier, token);
  }

  private static String token(String encoded) {
    String[] parts = decoded(encoded).split("#", -1);
    String token =
        parts.length == 3 && parts[0].equals(TOKEN) && parts[1].equalsIgnoreCase("Authorization")
            ? BearerToken.of(parts[2])
            : null;
    // Line feeds around it have been stripped by then, but are no part of a token.
    if (token == null || !VISIBLE.matcher(token).matches() || !parts[2].endsWith(token)) {
      throw malformed();
    }
    return token;
  }

  private static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static ChatException malformed() {
    return ChatException.badRequest(
        "Sec-WebSocket-Protocol",
        "offer " + CARRIER + " and one URL-encoded " + TOKEN + "#Authorization#Bearer token");
  }
}
