package dev.chatgateway.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.protocol.JsonWriter;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a pod says of itself to the others, as JSON. A newer pod may say more: what is not known is
 * passed over, and what is missing is missing from the {@code figures}. {@code v} changes only when
 * something comes to mean something else; a report of another {@code v} is not read at all.
 *
 * @param pod the pod's id
 * @param host the machine's name: in Kubernetes, the pod's
 * @param version of the gateway
 * @param startedAtMs when the process started, in ms since 1970 by its own clock
 * @param atMs when this was said, in ms since 1970 by Redis's clock
 * @param uptimeS how long the process had run by then, in seconds
 * @param draining whether the pod stops, and is to be sent no more connections
 * @param storeReachable whether the pod reaches Redis on all its lines, and may write there
 * @param storeSays Redis's word for why it refuses writes, such as {@code OOM}; "" if it doesn't
 */
public record PodReport(
    String pod,
    String host,
    String version,
    long startedAtMs,
    long atMs,
    long uptimeS,
    boolean draining,
    boolean storeReachable,
    String storeSays,
    Map<Figure, Double> figures) {
  static final String REACHABLE = "reachable";
  static final String UNREACHABLE = "unreachable";
  static final String REFUSING = "refusing";

  private static final int VERSION = 1;
  private static final int MAX_NAME = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:+-]{1," + MAX_NAME + "}");
  private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9_.:+-]");

  /** Names hold no other characters than those that can be read. */
  public PodReport {
    host = name(host);
    version = name(version);
  }

  private static String name(String text) {
    String fit = UNFIT.matcher(text).replaceAll("_");
    return fit.isEmpty() ? "_" : fit.substring(0, Math.min(fit.length(), MAX_NAME));
  }

  /** As the others read it. */
  String json() {
    JsonWriter json = new JsonWriter()
        .beginObject()
        .field("v", VERSION)
        .field("pod", pod)
        .field("host", host)
        .field("version", version)
        .field("started_at", startedAtMs)
        .field("at", atMs)
        .field("uptime_s", uptimeS)
        .field("draining", draining)
        .field("store", store());
    writeStoreSays(json);
    writeFigures(json);
    return json.endObject().toString();
  }

  /** How the pod's view of Redis is called in JSON. */
  String store() {
    return store(storeReachable, storeSays);
  }

  static String store(boolean reachable, String says) {
    return reachable ? REACHABLE : says.isEmpty() ? UNREACHABLE : REFUSING;
  }

  void writeStoreSays(JsonWriter json) {
    if (!storeReachable && !storeSays.isEmpty()) {
      json.field("store_says", storeSays);
    }
  }

  void writeFigures(JsonWriter json) {
    figures.forEach((figure, value) -> Figure.write(json, figure.wire(), value));
  }

  /** The report that text is; empty where it is none, or one of another version. */
  static Optional<PodReport> of(String text) {
    try {
      ObjectNode json = JsonReader.object(text);
      return json.path("v").isInt() && json.get("v").intValue() == VERSION
          ? Optional.of(read(json))
          : Optional.empty();
    } catch (ChatException malformed) {
      return Optional.empty();
    }
  }

  private static PodReport read(ObjectNode json) {
    EnumMap<Figure, Double> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      if (json.has(figure.wire())) {
        figures.put(figure, number(json, figure.wire()));
      }
    }
    return new PodReport(
        name(json, "pod"),
        name(json, "host"),
        name(json, "version"),
        (long) number(json, "started_at"),
        (long) number(json, "at"),
        (long) number(json, "uptime_s"),
        required(json, "draining", json.path("draining").isBoolean()).booleanValue(),
        name(json, "store").equals(REACHABLE),
        json.has("store_says") ? name(json, "store_says") : "",
        Collections.unmodifiableMap(figures));
  }

  private static String name(ObjectNode json, String field) {
    JsonNode value = json.path(field);
    return required(
            json, field, value.isTextual() && NAME.matcher(value.textValue()).matches())
        .textValue();
  }

  private static double number(ObjectNode json, String field) {
    JsonNode value = json.path(field);
    return required(json, field, value.isNumber() && Figure.isPlausible(value.doubleValue()))
        .doubleValue();
  }

  private static JsonNode required(ObjectNode json, String field, boolean good) {
    if (!good) {
      throw ChatException.badRequest(field, "is not what a report has there");
    }
    return json.get(field);
  }
}
