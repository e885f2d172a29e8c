package dev.chatgateway.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes the spans that pods send by OTLP over HTTP. */
public final class OtlpCollector implements AutoCloseable {
  /**
   * A span, as far as tests look at it.
   *
   * @param instance the {@code service.instance.id} of whom it is from
   * @param parentId empty where it has none
   */
  public record Span(
      String service,
      String instance,
      String traceId,
      String id,
      String parentId,
      String name,
      long startNanos,
      long endNanos) {}

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  public OtlpCollector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/traces", call -> {
      try (call) {
        spans.addAll(spans(call.getRequestBody().readAllBytes()));
        call.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        call.sendResponseHeaders(200, -1);
      }
    });
    server.start();
  }

  /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is to be. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The spans of a trace so far, in the order they came. */
  public List<Span> ofTrace(String traceId) {
    return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
  }

  /** The spans of that name so far. */
  public List<Span> named(String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  // --- opentelemetry/proto/collector/trace/v1: its fields by their numbers

  private static List<Span> spans(byte[] request) {
    List<Span> spans = new ArrayList<>();
    for (Field resourceSpans : fields(ByteBuffer.wrap(request), 1)) {
      String service = "";
      String instance = "";
      for (Field resource : fields(resourceSpans.bytes(), 1)) {
        for (Field attribute : fields(resource.bytes(), 1)) {
          switch (text(attribute.bytes(), 1)) {
            case "service.name" -> service = value(attribute);
            case "service.instance.id" -> instance = value(attribute);
            default -> {}
          }
        }
      }
      for (Field scopeSpans : fields(resourceSpans.bytes(), 2)) {
        for (Field span : fields(scopeSpans.bytes(), 2)) {
          spans.add(span(service, instance, span.bytes()));
        }
      }
    }
    return spans;
  }

  private static Span span(String service, String instance, ByteBuffer span) {
    return new Span(
        service,
        instance,
        hex(span, 1),
        hex(span, 2),
        hex(span, 4),
        text(span, 5),
        fields(span, 7).get(0).number(),
        fields(span, 8).get(0).number());
  }

  private static String value(Field attribute) {
    return text(fields(attribute.bytes(), 2).get(0).bytes(), 1);
  }

  private static String text(ByteBuffer message, int number) {
    List<Field> found = fields(message, number);
    return found.isEmpty()
        ? ""
        : StandardCharsets.UTF_8.decode(found.get(0).bytes()).toString();
  }

  private static String hex(ByteBuffer message, int number) {
    List<Field> found = fields(message, number);
    if (found.isEmpty()) {
      return "";
    }
    ByteBuffer value = found.get(0).bytes();
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private record Field(ByteBuffer content, long number) {
    ByteBuffer bytes() {
      return content.duplicate();
    }
  }

  /** The fields of that number of a protobuf message. */
  private static List<Field> fields(ByteBuffer message, int number) {
    ByteBuffer rest = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<Field> found = new ArrayList<>();
    while (rest.hasRemaining()) {
      long tag = varint(rest);
      Field field = switch ((int) (tag & 7)) {
        case 0 -> new Field(null, varint(rest));
        case 1 -> new Field(null, rest.getLong());
        case 2 -> {
          int length = (int) varint(rest);
          ByteBuffer bytes = rest.slice(rest.position(), length);
          rest.position(rest.position() + length);
          yield new Field(bytes, 0);
        }
        case 5 -> new Field(null, rest.getInt());
        default -> throw new IllegalArgumentException("not protobuf");
      };
      if (tag >>> 3 == number) {
        found.add(field);
      }
    }
    return found;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
