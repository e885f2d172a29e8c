package dev.chatgateway.protocol;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times on the wire: ISO-8601 UTC with milliseconds. */
public final class Timestamps {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  // Messages of one second share all but their milliseconds, and formatting dates is dear.
  private static final ThreadLocal<Second> LAST = ThreadLocal.withInitial(Second::new);

  private Timestamps() {}

  /** The wire form of a time in milliseconds since 1970. */
  public static String iso(long epochMs) {
    Second last = LAST.get();
    long second = Math.floorDiv(epochMs, 1000L);
    if (last.second != second) {
      last.second = second;
      last.prefix = ISO.format(Instant.ofEpochSecond(second)).substring(0, 20);
    }
    int ms = (int) Math.floorMod(epochMs, 1000L);
    return last.prefix
        + (char) ('0' + ms / 100)
        + (char) ('0' + ms / 10 % 10)
        + (char) ('0' + ms % 10)
        + 'Z';
  }

  private static final class Second {
    long second = Long.MIN_VALUE;
    String prefix;
  }
}
