package dev.chatgateway.chaos.history;

/** What was done to the gateway and what it stands on, and when. */
public sealed interface Fault extends Fact {

  /** In place of a pod's name: all of them. */
  String ALL = "all";

  /**
   * @param name what is done, such as {@code kill}; that of the end is the same
   * @param target to what: a pod's name, {@code redis}, {@code network}
   * @param storeAway which pods can't reach the store while it lasts: {@link #ALL}, the name of one, or
   *     null
   */
  record Begins(String name, String target, String storeAway) implements Fault {}

  /**
   * From now on until the end of a fault of that target, what the store takes is not sure to be there
   * afterwards, nor what it has taken in the moment before.
   *
   * @param everything nor all that it has
   */
  record Loses(String target, boolean everything) implements Fault {}

  /** What was begun under that name and target is over: thawed, restarted, connected again. */
  record Ends(String name, String target) implements Fault {}

  /** All faults are over, and no more will come. */
  record Stop() implements Fault {}
}
