package dev.chatgateway.auth;

/** Makes the rule of origins for tests that run without Quarkus. */
public final class TestOrigins {
  private TestOrigins() {}

  /** Returns the rule that those settings give. */
  public static Origins of(OriginConfig config) {
    return new Origins(config);
  }
}
