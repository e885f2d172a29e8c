package dev.chatgateway.abuse;

import dev.chatgateway.testing.RawSocket;

/**
 * What a reader of RFC 6455 that lets everything pass finds in these bytes.
 *
 * @param missing how many bytes the last frame lacks as far as can be told, 0 where it is whole
 * @param closes whether a close frame is among them: then the connection may end as it says
 */
record FrameWalk(long missing, boolean closes) {
  static FrameWalk of(byte[] bytes) {
    boolean closes = false;
    long at = 0;
    while (at < bytes.length) {
      if (at + 2 > bytes.length) {
        return new FrameWalk(at + 2 - bytes.length, closes);
      }
      closes |= (bytes[(int) at] & 0xF) == RawSocket.CLOSE;
      boolean masked = bytes[(int) at + 1] < 0;
      long length = bytes[(int) at + 1] & 0x7F;
      at += 2;
      int more = length == 126 ? 2 : length == 127 ? 8 : 0;
      if (at + more > bytes.length) {
        return new FrameWalk(at + more - bytes.length, closes);
      }
      if (more > 0) {
        length = 0;
        for (int i = 0; i < more; i++) {
          length = length << 8 | bytes[(int) at + i] & 0xFF;
        }
      }
      at += more + (masked ? 4 : 0);
      if (length < 0 || length > Integer.MAX_VALUE) {
        return new FrameWalk(Long.MAX_VALUE, closes);
      }
      at += length;
    }
    return new FrameWalk(at - bytes.length, closes);
  }
}
