package dev.chatgateway.socket;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvents;
import dev.chatgateway.session.ReplyTo;
import java.nio.charset.StandardCharsets;

/** A reply on the plain WebSocket: {@code {"ref":…,"ok":…,…}}. */
record PlainReply(SocketOutbound out, String ref) implements ReplyTo {
  @Override
  public void success(byte[] data) {
    out.write(begin(data.length + 48, true).name("data").raw(data).endObject().toBytes());
  }

  @Override
  public void failure(ChatException problem) {
    JsonWriter json = begin(256, false).name("error");
    ServerEvents.error(json, problem);
    out.write(json.endObject().toBytes());
  }

  private JsonWriter begin(int capacity, boolean ok) {
    return new JsonWriter(capacity + ref.length())
        .beginObject()
        .name("ref")
        .raw(ref.getBytes(StandardCharsets.UTF_8))
        .field("ok", ok);
  }
}
