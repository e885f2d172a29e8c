package dev.chatgateway.socketio;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides which headers a page of an allowed origin may send: those that its browser asks for. */
final class AskedHeaders {
  private static final List<String> ALWAYS = List.of("authorization", "content-type");
  // By which pods tell each other of requests.
  private static final String PODS = "chat-";
  private static final int MAX_NAMES = 32;
  // RFC 9110, 5.6.2
  private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,64}");

  private AskedHeaders() {}

  /**
   * Returns the value of {@code Access-Control-Allow-Headers}.
   *
   * @param asked the value of {@code Access-Control-Request-Headers}, or null. Names in it that are
   *     none, that only pods may send, or that follow the first 32 are left out.
   */
  static String allowed(String asked) {
    Set<String> names = new LinkedHashSet<>(ALWAYS);
    if (asked != null) {
      for (String one : asked.split(",")) {
        String name = one.strip().toLowerCase(Locale.ROOT);
        if (NAME.matcher(name).matches() && !name.startsWith(PODS) && names.size() < MAX_NAMES) {
          names.add(name);
        }
      }
    }
    return String.join(", ", names);
  }
}
