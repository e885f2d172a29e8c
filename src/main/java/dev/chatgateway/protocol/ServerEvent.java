package dev.chatgateway.protocol;

/**
 * An event on its way to clients.
 *
 * @param name the event's name on the wire
 * @param data its data: one JSON object, UTF-8
 */
public record ServerEvent(String name, byte[] data) {}
