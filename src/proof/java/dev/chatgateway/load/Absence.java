package dev.chatgateway.load;

/** A client without a connection that has joined, from the end of one to the next. */
final class Absence {
  final LoadClient client;
  final int pod;
  final int code;

  /** Whether it had been asked to come back, with a delay. */
  final boolean told;

  final long lostAt = System.nanoTime();

  /** When it had joined again; 0 as long as it has not. */
  long backAt;

  int attempts;

  Absence(LoadClient client, int pod, int code, boolean told) {
    this.client = client;
    this.pod = pod;
    this.code = code;
    this.told = told;
  }

  /** How long it lasted, or has lasted so far. */
  double ms() {
    return ((backAt == 0 ? System.nanoTime() : backAt) - lostAt) / 1e6;
  }
}
