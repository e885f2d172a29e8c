package dev.chatgateway.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a call brings along, as strictly read as what comes over the sockets. */
final class Input {
  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final Set<String> NONE = Set.of();

  private Input() {}

  /**
   * The fields of a body.
   *
   * @throws ChatException {@code bad_request} where it is not a JSON object of these fields
   */
  static Fields body(byte[] body, Set<String> allowed) {
    return Fields.of(object(body), "", allowed);
  }

  /**
   * A body that is any JSON object.
   *
   * @throws ChatException {@code bad_request} where it is none
   */
  static ObjectNode object(byte[] body) {
    return JsonReader.object(body == null ? new byte[0] : body);
  }

  /**
   * The query parameters, each as the integer or boolean that it looks like, else as a string.
   *
   * @throws ChatException {@code bad_request} where there is another one, or one twice
   */
  static Fields query(UriInfo uri, Set<String> allowed) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, List<String>> parameter : uri.getQueryParameters().entrySet()) {
      String name = parameter.getKey();
      String value = parameter.getValue().get(0);
      if (INTEGER.matcher(value).matches()) {
        node.put(name, Long.parseLong(value));
      } else if (value.equals("true") || value.equals("false")) {
        node.put(name, Boolean.parseBoolean(value));
      } else {
        node.put(name, value);
      }
    }
    Fields fields = Fields.of(node, "query", allowed);
    uri.getQueryParameters().forEach((name, values) -> {
      if (values.size() > 1) {
        throw ChatException.badRequest(fields.path(name), "is there twice");
      }
    });
    return fields;
  }

  /**
   * Sees that there are no query parameters.
   *
   * @throws ChatException {@code bad_request} where there are
   */
  static void noQuery(UriInfo uri) {
    query(uri, NONE);
  }
}
