package dev.chatgateway.relay;

import dev.chatgateway.logging.LogThrottle;
import dev.chatgateway.protocol.JsonReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * What is published to one pod or to all of them rather than to a ticket's room: a line of ASCII
 * words (version, kind, and what the kind adds), then the payload. It is a hint: a pod that missed
 * it finds out otherwise, or does without.
 */
public final class PodMessages {
  private static final Logger LOG = Logger.getLogger(PodMessages.class);
  private static final int MAX_SIZE = 128 * 1024;

  private final LogThrottle defects = new LogThrottle(Duration.ofMinutes(1));
  private final Map<Character, Handler> handlers = new HashMap<>();

  /** Acts on one kind of message, on the main loop. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Acts on it.
     *
     * @throws MalformedException if it is not as the gateway makes them; it is then dropped
     */
    void handle(Words words, byte[] payload);
  }

  public void on(char kind, Handler handler) {
    handlers.put(kind, handler);
  }

  public void received(String channel, byte[] bytes) {
    try {
      if (bytes.length > MAX_SIZE) {
        throw new MalformedException("too large");
      }
      int end = 0;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      String[] head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split(" ", -1);
      if (head.length < 2 || !head[0].equals("1") || head[1].length() != 1) {
        throw new MalformedException("not of version 1");
      }
      Handler handler = handlers.get(head[1].charAt(0));
      if (handler != null) {
        int from = Math.min(end + 1, bytes.length);
        handler.handle(new Words(head, 2), Arrays.copyOfRange(bytes, from, bytes.length));
      }
    } catch (MalformedException e) {
      LOG.debugf("Dropped a message of channel %s: %s", channel, e.getMessage());
    } catch (RuntimeException e) {
      if (defects.admits()) {
        LOG.errorf(e, "Handling a message of channel %s failed", channel);
      }
    }
  }

  /** The payload, once seen to be one JSON object. */
  public static byte[] requireObject(byte[] payload) {
    if (!JsonReader.isObject(payload)) {
      throw new MalformedException("not a JSON object");
    }
    return payload;
  }
}
