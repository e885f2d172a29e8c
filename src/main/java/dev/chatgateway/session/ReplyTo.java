package dev.chatgateway.session;

import dev.chatgateway.protocol.ChatException;

/** Where the answer goes to a client who asked for one, in its door's words. */
public interface ReplyTo {
  /** It was done; data is one encoded JSON object. */
  void success(byte[] data);

  /** It was not. */
  void failure(ChatException problem);
}
