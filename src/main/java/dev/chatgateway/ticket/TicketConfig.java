package dev.chatgateway.ticket;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** What is kept of a ticket. */
@ConfigMapping(prefix = "chat.ticket")
public interface TicketConfig {
  /**
   * How long a ticket's state is kept after its last change. At least {@code
   * chat.presence.renewal}, or who sits in a quiet room would lose it, and {@code chat.ticket.dedupe}.
   */
  @WithDefault("30d")
  @DurationMin(millis = 1000)
  Duration lifetime();

  /** Newest messages kept per ticket; the resume window and the history end there. */
  @WithDefault("200")
  @Min(10) @Max(5000) int history();

  /** Messages in a joining client's first page, and in a page of history that names no limit. */
  @WithDefault("50")
  @Min(1) @Max(100) int page();

  /**
   * Bytes of the messages in a page of history, in a joining client's first page and in what is sent
   * of a long resume at a time; a single message may have more. Never more than half of {@code
   * chat.limits.outbound-queue}.
   */
  @WithDefault("128K")
  MemorySize pageBytes();

  /** How long, at least, a retry with the same id gives the first result. */
  @WithDefault("24h")
  @DurationMin(millis = 1000)
  Duration dedupe();

  /**
   * Messages with a {@code client_id} that are remembered per ticket and user, at least, within {@code
   * chat.ticket.dedupe}. A further one is refused as {@code rate_limited}, and none is forgotten
   * early.
   */
  @WithDefault("10000")
  @Min(1) @Max(1_000_000) int dedupePerUser();

  /** Characters of a message's text in a notification. */
  @WithDefault("120")
  @Min(0) @Max(1000) int preview();

  /** How long a join may take while the room is being subscribed or read from the store. */
  @WithDefault("5s")
  @DurationMin(millis = 100)
  Duration joinTimeout();
}
