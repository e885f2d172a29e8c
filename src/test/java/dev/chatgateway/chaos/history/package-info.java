/**
 * The history of a run: what workers asked of the gateway, what came back, and what they were told,
 * one line each. Written by the workload, read by the checker, and by nothing else: the idea of black-box
 * histories that are checked afterwards is that of Jepsen.
 *
 * <p>How to write one that can be checked:
 *
 * <ul>
 *   <li>A <em>worker</em> is one client that keeps its place: for each ticket the epoch and seq it has,
 *       over all its connections. It has one connection at a time. Two devices of a user are two
 *       workers. The ticket system is a worker, too, without connections.
 *   <li>{@link Op}s are written before the frame or request goes out, outcomes and {@link Seen}
 *       where they are received (in the callback, not where somebody waits for them): the order of
 *       the lines of a connection is the order on the wire.
 *   <li>An answer that never came is {@link Fact.Unknown}, written when the worker gives up or the
 *       connection ends. A refusal is {@link Fact.Fail} with its code; the checker knows which
 *       codes leave the outcome open.
 *   <li>{@link Link.Closed} is the last line of a connection: what arrives later is not written.
 *   <li>A worker takes what it is given as {@code docs/protocol.md} tells clients to: messages whose
 *       seq it has are dropped, {@code recovered} false empties its view.
 * </ul>
 */
package dev.chatgateway.chaos.history;
