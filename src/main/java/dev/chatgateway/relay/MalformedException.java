package dev.chatgateway.relay;

/**
 * Something that came from Redis is not as the gateway makes it: it is dropped, and is nobody's
 * defect here. Anything else that is thrown while it is handled is one, and is logged.
 */
public final class MalformedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }
}
