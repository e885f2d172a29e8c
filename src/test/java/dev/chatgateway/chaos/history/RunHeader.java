package dev.chatgateway.chaos.history;

import java.util.List;
import java.util.Map;

/**
 * The first line: what was run, and what it is held to.
 *
 * @param name names the run in tables
 * @param fault what was done to the gateway; {@code none} where nothing was
 * @param commit of the gateway
 * @param mayLoseData the fault empties the store or takes it back to an earlier state, so that accepted
 *     messages may be gone, under a new epoch
 * @param keepsAccepted where it may lose data: only such as was not accepted, or need not outlast a
 *     failover; accepted messages must be there all the same
 * @param users who takes part, by user id; the ticket system is not among them
 * @param settings anything else a reader of the table should know; under {@link #NARROW}, which users
 *     have so little room for what they have not read that they may count as too slow at any time
 */
public record RunHeader(
    String name,
    long seed,
    String fault,
    String commit,
    boolean mayLoseData,
    boolean keepsAccepted,
    Bounds bounds,
    Map<String, Admission> users,
    Map<String, String> settings)
    implements Fact {

  /** The setting that names users, with commas. */
  public static final String NARROW = "narrow";

  /** Whether what comes and goes may be dropped for that user, who reads too slowly. */
  public boolean isNarrow(String user) {
    return List.of(settings.getOrDefault(NARROW, "").split(",")).contains(user);
  }

  /**
   * @param ghostMs how long a user whose connections are all gone may still be shown
   * @param typingMs how long a typist is shown after the last {@code typing_start}
   * @param typingMarginMs what may be added to that for the way through pods
   * @param kept messages kept per ticket
   */
  public record Bounds(long ghostMs, long typingMs, long typingMarginMs, int kept) {}

  /**
   * What a user's token says.
   *
   * @param admin may enter any ticket
   * @param tickets those a customer may enter
   */
  public record Admission(boolean admin, List<String> tickets) {
    public boolean to(String ticket) {
      return admin || tickets.contains(ticket);
    }
  }
}
