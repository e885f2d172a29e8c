package dev.chatgateway.chaos.check;

import java.util.List;

/** One thing that the gateway promises and a history can refute. */
interface Property {

  /** All of them, in the order of the report. */
  static List<Property> all() {
    return List.of(
        new WellRecorded(),
        new NothingLost(),
        new OnceOnly(),
        new OneOrder(),
        new SendOrder(),
        new NoUntoldHole(),
        new StatusOnlyUp(),
        new ReadOnlyAfterSeen(),
        new NoGhosts(),
        new EmptyAtTheEnd(),
        new StaysShown(),
        new ParticipantsAgree(),
        new NoTypingGhosts(),
        new UnreadAgrees(),
        new NothingToOutsiders(),
        new Agreement());
  }

  /** Its name in reports. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Looks for what refutes it. */
  void check(Run run, Findings findings);
}
