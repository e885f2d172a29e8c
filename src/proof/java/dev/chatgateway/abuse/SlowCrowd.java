package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Many connections that begin to say something and go on byte by byte, so that none of them is ever
 * done.
 */
final class SlowCrowd implements AutoCloseable {
  private static final long DRIP_MS = 150;

  private static final class Member {
    final SocketChannel channel;
    final ByteBuffer drips;
    final long connectedNanos = System.nanoTime();
    final StringBuilder heard = new StringBuilder();
    long endedNanos;

    Member(SocketChannel channel, byte[] drips) {
      this.channel = channel;
      this.drips = ByteBuffer.wrap(drips);
    }
  }

  private final List<Member> members = new ArrayList<>();
  private final ByteBuffer scratch = ByteBuffer.allocate(16_384);

  /**
   * What a connection begins with.
   *
   * @param request what it says at once
   * @param more what it says once it is answered; null where it waits for no answer
   * @param slowly what it says then, byte by byte; nothing where it is empty
   */
  record Opening(byte[] request, byte[] more, byte[] slowly) {}

  /** Connects, and has each begin. */
  SlowCrowd(URI gateway, int count, IntFunction<Opening> opening) {
    try {
      for (int i = 0; i < count; i++) {
        Opening first = opening.apply(i);
        SocketChannel channel =
            SocketChannel.open(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Member member = new Member(channel, first.slowly);
        members.add(member);
        channel.write(ByteBuffer.wrap(first.request));
        if (first.more != null) {
          hear(member);
          channel.write(ByteBuffer.wrap(first.more));
        }
        channel.configureBlocking(false);
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  /** Drips on until each has been ended by the gateway, and requires that this comes in time. */
  SlowCrowd awaitEnd(Duration limit, Duration slack) {
    long deadline = limit.plus(slack).toNanos();
    while (members.stream().anyMatch(member -> member.endedNanos == 0)) {
      long roundEnds = System.nanoTime() + DRIP_MS * 1_000_000;
      for (Member member : members) {
        if (member.endedNanos == 0) {
          drip(member);
          assertThat(System.nanoTime() - member.connectedNanos)
              .as("age of a connection that is still open and has heard: %s", member.heard)
              .isLessThan(deadline);
        }
      }
      pauseUntil(roundEnds);
    }
    return this;
  }

  /** What each was told. */
  List<String> heard() {
    return members.stream().map(member -> member.heard.toString()).toList();
  }

  /** How long each lasted, the shortest and the longest. */
  List<Duration> lives() {
    return members.stream()
        .map(member -> Duration.ofNanos(member.endedNanos - member.connectedNanos))
        .sorted()
        .toList();
  }

  private void drip(Member member) {
    try {
      scratch.clear();
      int read = member.channel.read(scratch);
      if (read < 0) {
        ended(member);
        return;
      }
      member.heard.append(new String(scratch.array(), 0, read, StandardCharsets.ISO_8859_1));
      if (member.drips.hasRemaining()) {
        member.channel.write(member.drips.slice().limit(1));
        member.drips.position(member.drips.position() + 1);
      }
    } catch (IOException e) {
      ended(member); // reset
    }
  }

  /** Whether it goes on. */
  private boolean hear(Member member) throws IOException {
    scratch.clear();
    int read = member.channel.read(scratch);
    if (read > 0) {
      member.heard.append(new String(scratch.array(), 0, read, StandardCharsets.ISO_8859_1));
    }
    return read >= 0;
  }

  private static void ended(Member member) {
    member.endedNanos = System.nanoTime();
    try {
      member.channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pauseUntil(long nanos) {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      try {
        Thread.sleep(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    for (Member member : members) {
      try {
        member.channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
