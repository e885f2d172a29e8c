package dev.chatgateway.relay;

import dev.chatgateway.session.RoomEvent;

/** Makes what clients get of one kind of envelope; the feature that publishes it provides it. */
@FunctionalInterface
public interface Renderer {
  /**
   * What the room hears. Called on the relay's loop, in the room's order.
   *
   * @throws MalformedException where the envelope is not as that feature makes them; it is
   *     then dropped and counted
   */
  RoomEvent render(String ticketId, Envelope envelope);
}
