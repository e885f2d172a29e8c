package dev.chatgateway.chaos.fault;

import dev.chatgateway.testing.PodSpec;

/** Which Redis the pods of a scenario use: one server, or several that stand for one another. */
public interface Store extends AutoCloseable {
  /** Tells a pod, before its first start, where that Redis is. */
  void configure(PodSpec pod);

  @Override
  void close();
}
