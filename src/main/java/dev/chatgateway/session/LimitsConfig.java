package dev.chatgateway.session;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Bounds on what one connection, one user and one pod may take. */
@ConfigMapping(prefix = "chat.limits")
public interface LimitsConfig {
  /** Connections a pod holds; more are closed with 1013. */
  @WithDefault("18000")
  @Min(1) int connections();

  /** Connections one user holds, on all pods together; more are closed with 4429. */
  @WithDefault("20")
  @Min(1) int connectionsPerUser();

  /** Tickets one connection may have joined at once. */
  @WithDefault("200")
  @Min(1) @Max(10_000) int roomsPerConnection();

  /** What may wait for a client that reads slowly; beyond it, the connection ends with 4408. */
  @WithDefault("256K")
  MemorySize outboundQueue();

  /**
   * Frames of one connection that may wait for their turn; more are refused. As many as may come at
   * once ({@code chat.limits.frames.burst}) should have room.
   */
  @WithDefault("300")
  @Min(1) int inboundQueue();

  /** What the frames that wait for their turn may take together. */
  @WithDefault("1M")
  MemorySize inboundQueueBytes();

  /** Longest message text, in characters. */
  @WithDefault("8000")
  @Min(1) @Max(8000) int textLength();

  /** Longest {@code data} of a message, as encoded JSON. */
  @WithDefault("16K")
  MemorySize data();

  /**
   * Longest message from a client that has not authenticated yet. From then on it may have {@code
   * quarkus.websockets-next.server.max-frame-size}, or {@code chat.socketio.max-payload}.
   */
  @WithDefault("16K")
  MemorySize firstFrames();

  /** Bad frames in a minute beyond which a connection is closed with 1008. */
  @WithDefault("20")
  @Min(1) int badFrames();

  /** Frames refused by a rate limit in a minute beyond which a connection is closed with 4429. */
  @WithDefault("200")
  @Min(1) int refusedFrames();

  /**
   * How long a connection may stay without presenting a token; begins anew when the store, which a
   * token can't be taken without, is back.
   */
  @WithDefault("5s")
  @DurationMin(millis = 100)
  Duration authenticationTimeout();

  /**
   * How long a request may take to come in whole, its body included: from connecting, or from the
   * first byte of a further request. What takes longer is closed without an answer.
   */
  @WithDefault("10s")
  @DurationMin(millis = 100)
  Duration requestTimeout();

  /** How long before its token's end a connection is told. */
  @WithDefault("60s")
  @DurationMin(millis = 0)
  Duration tokenWarning();

  /** How long a connection may be silent before it is pinged. */
  @WithDefault("25s")
  @DurationMin(millis = 100)
  Duration pingInterval();

  /** How long a ping may go unanswered before the connection is closed with 4409. */
  @WithDefault("20s")
  @DurationMin(millis = 100)
  Duration pongTimeout();

  /** Messages of one connection. */
  @Valid MessageRate messages();

  /** Messages of one user, on all pods and connections together. */
  @Valid UserRate userMessages();

  /** Joins of one connection; the burst lets a reconnecting agent take all rooms again. */
  @Valid JoinRate joins();

  /** {@code typing_start} and {@code typing_stop} of one connection. */
  @Valid TypingRate typing();

  /** All frames of one connection together. */
  @Valid FrameRate frames();

  /**
   * Bytes sent to one user on demand, by one pod: answers to joins, which are paced by it, and to
   * {@code get_…}, which are refused.
   */
  @Valid ByteRate onDemand();

  /** Writing calls of one HTTP caller (a token's {@code sub}) on one pod. */
  @Valid HttpRate http();

  /** A rate with a burst, as in a token bucket. */
  interface Rate {
    /** Sustained, per second. */
    @Min(1) @Max(1_000_000) int perSecond();

    /** At once, after a quiet time. */
    @Min(1) @Max(1_000_000) int burst();
  }

  /** See {@link LimitsConfig#messages()}. */
  interface MessageRate extends Rate {
    @Override
    @WithDefault("10")
    int perSecond();

    @Override
    @WithDefault("20")
    int burst();
  }

  /** See {@link LimitsConfig#userMessages()}. */
  interface UserRate extends Rate {
    @Override
    @WithDefault("20")
    int perSecond();

    @Override
    @WithDefault("40")
    int burst();
  }

  /** See {@link LimitsConfig#joins()}. */
  interface JoinRate extends Rate {
    @Override
    @WithDefault("10")
    int perSecond();

    @Override
    @WithDefault("200")
    int burst();
  }

  /** See {@link LimitsConfig#typing()}. */
  interface TypingRate extends Rate {
    @Override
    @WithDefault("5")
    int perSecond();

    @Override
    @WithDefault("20")
    int burst();
  }

  /** See {@link LimitsConfig#frames()}. */
  interface FrameRate extends Rate {
    @Override
    @WithDefault("50")
    int perSecond();

    @Override
    @WithDefault("300")
    int burst();
  }

  /** See {@link LimitsConfig#onDemand()}. */
  interface ByteRate {
    /** Sustained, per second. */
    @WithDefault("1M")
    MemorySize perSecond();

    /** At once, after a quiet time. */
    @WithDefault("32M")
    MemorySize burst();
  }

  /** See {@link LimitsConfig#http()}. */
  interface HttpRate extends Rate {
    @Override
    @WithDefault("500")
    int perSecond();

    @Override
    @WithDefault("1000")
    int burst();
  }
}
