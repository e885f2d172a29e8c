package dev.chatgateway.socketio.namespace;

import java.time.Duration;

/**
 * Times and bounds of a {@link NamespaceServer}.
 *
 * @param connectTimeout how long a session may be in no namespace
 * @param maxAttachments binary values in one packet
 * @param maxAttachmentBytes in all binary values of one packet together
 * @param maxNamespaces that a session may be in at a time
 * @param maxRefusals how often a session may be refused a namespace
 * @param maxUnacknowledged events that may wait for a client's acknowledgement
 */
public record NamespaceOptions(
    Duration connectTimeout,
    int maxAttachments,
    int maxAttachmentBytes,
    int maxNamespaces,
    int maxRefusals,
    int maxUnacknowledged) {
  /** The reference's 45 s and 10 attachments, and bounds that no honest client meets. */
  public static final NamespaceOptions DEFAULTS =
      new NamespaceOptions(Duration.ofSeconds(45), 10, 1_000_000, 16, 100, 1_000);

  public NamespaceOptions withMaxAttachmentBytes(int bytes) {
    return new NamespaceOptions(
        connectTimeout, maxAttachments, bytes, maxNamespaces, maxRefusals, maxUnacknowledged);
  }

  public NamespaceOptions withConnectTimeout(Duration timeout) {
    return new NamespaceOptions(
        timeout, maxAttachments, maxAttachmentBytes, maxNamespaces, maxRefusals, maxUnacknowledged);
  }
}
