package dev.chatgateway.tracing;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** OpenTelemetry's own SDK, as the {@code OTEL_*} variables configure it. */
final class Export {
  private static final Logger LOG = Logger.getLogger(Export.class);
  private static final long CLOSING_S = 2;

  /** Where no variable says otherwise. */
  private static final Map<String, String> DEFAULTS = Map.of(
      "otel.service.name", "chat-gateway",
      "otel.exporter.otlp.protocol", "http/protobuf",
      "otel.traces.sampler", "parentbased_traceidratio",
      "otel.traces.sampler.arg", "0.01",
      "otel.metrics.exporter", "none",
      "otel.logs.exporter", "none");

  private Export() {}

  static Tracing start() {
    OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(() -> DEFAULTS)
        .addResourceCustomizer((resource, properties) -> Resource.builder()
            .put("service.instance.id", UUID.randomUUID().toString())
            .build()
            .merge(resource))
        .disableShutdownHook()
        .build()
        .getOpenTelemetrySdk();
    LOG.info("Messages are traced by OpenTelemetry");
    return new Tracing(
        sdk.getTracer("dev.chatgateway"), () -> sdk.shutdown().join(CLOSING_S, TimeUnit.SECONDS));
  }
}
