package dev.chatgateway.socketio.namespace;

import dev.chatgateway.socketio.engine.MalformedPacketException;
import java.util.List;

/** Puts packets together from the messages of one session. */
final class SocketDecoder {
  private final int maxAttachments;
  private final int maxBytes;
  private SocketPacket unfinished;
  private List<byte[]> attachments;
  private int bytes;

  /**
   * @param maxBytes in all attachments of a packet together
   */
  SocketDecoder(int maxAttachments, int maxBytes) {
    this.maxAttachments = maxAttachments;
    this.maxBytes = maxBytes;
  }

  /** Takes a text message; the packet that is complete with it, or null. */
  SocketPacket text(String message) throws MalformedPacketException {
    if (unfinished != null) {
      throw new MalformedPacketException("text where an attachment is due");
    }
    SocketPacket packet = SocketPacketCodec.decode(message, maxAttachments);
    if (!packet.kind().isBinary()) {
      return packet;
    }
    Attachments.check(packet.data(), packet.attachments());
    if (packet.attachments() == 0) {
      return packet;
    }
    unfinished = packet;
    attachments = Attachments.list();
    bytes = 0;
    return null;
  }

  /** Takes a binary message; the packet that is complete with it, or null. */
  SocketPacket binary(byte[] message) throws MalformedPacketException {
    if (unfinished == null) {
      throw new MalformedPacketException("an attachment of no packet");
    }
    bytes += message.length;
    if (bytes > maxBytes) {
      throw new MalformedPacketException("more than " + maxBytes + " bytes of attachments");
    }
    attachments.add(message);
    SocketPacket packet = unfinished;
    if (attachments.size() < packet.attachments()) {
      return null;
    }
    List<byte[]> values = attachments;
    unfinished = null;
    attachments = null;
    return SocketPacket.of(
        packet.kind(), packet.namespace(), packet.id(), Attachments.putIn(packet.data(), values));
  }
}
