package dev.chatgateway.chaos.history;

/**
 * A message as it was given to a worker: enough to check it, and so without its body.
 *
 * @param user who wrote it
 * @param client the {@code client_id}; null where there was none
 * @param status as it was given then
 */
public record Message(String id, long seq, String user, String client, String status) {}
