package dev.chatgateway.redis;

/** Redis answered a command with an error: a defect here, or a Redis that can't do what is asked. */
public final class RedisErrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisErrorException(String message) {
    super(message, null, false, false);
  }

  boolean isNoScript() {
    return getMessage() != null && getMessage().startsWith("NOSCRIPT");
  }

  /** Whether the server refuses for now: loading, read-only after a failover, out of memory. */
  public boolean isTransient() {
    String message = String.valueOf(getMessage());
    for (String prefix : TRANSIENT) {
      if (message.startsWith(prefix)) {
        return true;
      }
    }
    return message.contains("OOM command not allowed");
  }

  private static final String[] TRANSIENT = {
    "LOADING",
    "READONLY",
    "MASTERDOWN",
    "OOM",
    "BUSY",
    "NOREPLICAS",
    "TRYAGAIN",
    "CLUSTERDOWN",
    "UNBLOCKED",
    "MISCONF"
  };
}
