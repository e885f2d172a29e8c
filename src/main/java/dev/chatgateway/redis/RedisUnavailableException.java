package dev.chatgateway.redis;

/**
 * Redis did not answer: refused at once, or the outcome is unknown because the answer never came.
 * Carries no stack trace, since an outage raises thousands.
 */
public final class RedisUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisUnavailableException(String reason) {
    super(reason, null, false, false);
  }
}
