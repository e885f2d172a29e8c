package dev.chatgateway.ops;

import java.util.ArrayDeque;

/**
 * How fast one running total grows with another, over the last few times they were looked at: a
 * counter by the seconds, or the time spent by the number of times.
 */
final class Slope {
  private record Point(double x, double y) {}

  private final int points;
  private final ArrayDeque<Point> seen = new ArrayDeque<>();

  /**
   * @param steps over how many steps from one look to the next it goes
   */
  Slope(int steps) {
    this.points = steps + 1;
  }

  /**
   * Takes in the totals of now.
   *
   * @return by how much {@code y} has grown for each 1 of {@code x}; 0 where {@code x} has not
   */
  double at(double x, double y) {
    if (seen.size() == points) {
      seen.removeFirst();
    }
    seen.addLast(new Point(x, y));
    Point first = seen.getFirst();
    double run = x - first.x();
    return run > 0 ? Math.max(0, (y - first.y()) / run) : 0;
  }
}
