package dev.chatgateway.protocol;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The names that the ticket system may give to events it makes up. */
public final class EventNames {
  private static final Pattern WELL_FORMED = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  private static final Set<String> RESERVED = reserved();

  private EventNames() {}

  private static Set<String> reserved() {
    Set<String> names = new HashSet<>(List.of(
        "chat_connected",
        "new_message",
        "message_status_update",
        "user_typing",
        "user_joined",
        "user_left",
        "ticket_message_notification",
        "ticket_update",
        "ticket_update_notification",
        "token_expiring",
        "reconnect",
        "degraded",
        "restored",
        "error"));
    Arrays.stream(ClientEvent.values())
        .map(ClientEvent::successEvent)
        .filter(Objects::nonNull)
        .forEach(names::add);
    // A Socket.IO client takes these for its own connection's ups and downs.
    names.addAll(List.of("connect", "connect_error", "disconnect", "disconnecting"));
    return Set.copyOf(names);
  }

  /** Whether an event can have that name: 1 to 64 characters of a-z 0-9 _, a letter first. */
  public static boolean isWellFormed(String name) {
    return WELL_FORMED.matcher(name).matches();
  }

  /**
   * The same name, once seen to be one that the gateway itself never sends.
   *
   * @throws ChatException {@code bad_request} naming the path, where it is none
   */
  public static String requireFree(String name, String path) {
    if (!isWellFormed(name)) {
      throw ChatException.badRequest(
          path, "must be 1 to 64 characters of a-z 0-9 _ and begin with a letter");
    }
    if (RESERVED.contains(name)) {
      throw ChatException.badRequest(path, "is the name of an event of the gateway itself");
    }
    return name;
  }
}
