package dev.chatgateway.chaos.check;

import java.util.List;

/** How statuses are ordered. */
final class Status {
  static final int SENT = 0;
  static final int DELIVERED = 1;
  static final int READ = 2;

  private static final List<String> NAMES = List.of("sent", "delivered", "read");

  private Status() {}

  /** One that was not given counts as sent. */
  static int rank(String status) {
    if (status == null) {
      return SENT;
    }
    int rank = NAMES.indexOf(status);
    if (rank < 0) {
      throw new IllegalArgumentException("there is no status " + status);
    }
    return rank;
  }

  static String name(int rank) {
    return NAMES.get(rank);
  }
}
