package dev.chatgateway.presence;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pod says of itself along with its heartbeat.
 *
 * @param connections how many it has
 * @param accepting whether it takes more; one that starts or stops does not
 */
public record PodLoad(int connections, boolean accepting) {
  private static final String ACCEPTING = "accepting";
  private static final String REFUSING = "refusing";
  // What a later version may add behind it is none of this one's business.
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,9}) (" + ACCEPTING + "|" + REFUSING + ")( .*)?");

  /** As it stands in the store. */
  String text() {
    return connections + " " + (accepting ? ACCEPTING : REFUSING);
  }

  /** What stands in the store; empty where a pod of another version put nothing, or else, there. */
  static Optional<PodLoad> parse(String text) {
    Matcher words = TEXT.matcher(text);
    return words.matches()
        ? Optional.of(
            new PodLoad(Integer.parseInt(words.group(1)), words.group(2).equals(ACCEPTING)))
        : Optional.empty();
  }
}
