package dev.chatgateway.socketio;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvents;
import dev.chatgateway.session.ReplyTo;
import dev.chatgateway.socketio.namespace.Ack;

/** A reply as the acknowledgement the client asked for: {@code {"ok":…,…}}. */
record AckReply(Ack ack) implements ReplyTo {
  @Override
  public void success(byte[] data) {
    ack.send(new JsonWriter(data.length + 24)
        .beginObject()
        .field("ok", true)
        .name("data")
        .raw(data)
        .endObject()
        .toBytes());
  }

  @Override
  public void failure(ChatException problem) {
    JsonWriter json = new JsonWriter(256).beginObject().field("ok", false).name("error");
    ServerEvents.error(json, problem);
    ack.send(json.endObject().toBytes());
  }
}
