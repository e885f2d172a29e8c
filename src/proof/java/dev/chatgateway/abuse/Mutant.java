package dev.chatgateway.abuse;

import java.util.List;

/**
 * A message to be thrown, and how it is to be answered.
 *
 * @param text what it says
 * @param attachments binary messages that belong to it and follow
 * @param key what its reply will bear; null where it gets none, but an event or nothing
 * @param maySayNothing whether it may be handled without an event, too
 */
record Mutant(Flaw flaw, String text, List<byte[]> attachments, String key, boolean maySayNothing) {
  Mutant(Flaw flaw, String text, String key, boolean maySayNothing) {
    this(flaw, text, List.of(), key, maySayNothing);
  }
}
