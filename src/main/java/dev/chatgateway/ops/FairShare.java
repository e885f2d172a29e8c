package dev.chatgateway.ops;

/**
 * What a pod's part of all connections is, were they spread evenly, and how far from it the pod is.
 *
 * @param own connections of this pod
 * @param pods how many pods take connections, with this one
 * @param connections of all these pods
 */
record FairShare(int own, int pods, long connections) {
  /** The mean. */
  double share() {
    return (double) connections / pods;
  }

  /** By how many connections this pod has more than its share; negative where it has fewer. */
  double excess() {
    return own - share();
  }

  /** Whether this pod has more than its share and that fraction of it on top. */
  boolean isExceededBy(double tolerance) {
    return own > share() * (1 + tolerance);
  }

  /**
   * How many are to be sent away to end at the share and that fraction of it on top. Balancers that
   * take turns send every so manieth back to where it came from, and so more go than are to leave;
   * but never more than the excess: with a balancer that sends all of them elsewhere, this pod ends
   * at its share and not below, where it would be somebody else's turn.
   */
  int toSendAway(double tolerance) {
    double over = own - share() * (1 + tolerance);
    if (pods < 2 || over <= 0) {
      return 0;
    }
    return (int) Math.min(Math.ceil(over * pods / (pods - 1)), Math.floor(excess()));
  }
}
