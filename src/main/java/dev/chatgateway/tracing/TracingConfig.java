package dev.chatgateway.tracing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether messages are traced; where to and how many, the {@code OTEL_*} variables say. */
@ConfigMapping(prefix = "chat.tracing")
public interface TracingConfig {
  /** Whether messages are traced over the pods by OpenTelemetry, and the spans sent by OTLP. */
  @WithDefault("false")
  boolean enabled();
}
