package dev.chatgateway.socketio.engine;

/** Why a request is refused: the protocol's numbered errors. */
enum Refusal {
  UNKNOWN_TRANSPORT("Transport unknown", 400),
  UNKNOWN_SID("Session ID unknown", 400),
  BAD_HANDSHAKE_METHOD("Bad handshake method", 400),
  BAD_REQUEST("Bad request", 400),
  FORBIDDEN("Forbidden", 403),
  UNSUPPORTED_VERSION("Unsupported protocol version", 400);

  private final String message;
  private final int status;

  Refusal(String message, int status) {
    this.message = message;
    this.status = status;
  }

  int status() {
    return status;
  }

  String json() {
    return "{\"code\":" + ordinal() + ",\"message\":\"" + message + "\"}";
  }
}
