package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvent;
import io.vertx.core.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutletTest {
  private static final int PAGE = 128 * 1024;
  private static final long QUEUE = 256 * 1024;

  private final SessionFixture fixture = new SessionFixture();
  private final SessionFixture.Sent sent = new SessionFixture.Sent();
  private final Session session = fixture.session("7", false, sent);
  private final Outlet outlet = session.outlet();

  @AfterEach
  void end() throws Exception {
    fixture.close();
  }

  @Test
  void oneAfterTheOtherAsTheClientReads() {
    Future<Outlet.Claim> first = outlet.claim(PAGE);
    Future<Outlet.Claim> second = outlet.claim(PAGE);
    assertThat(first.isComplete()).isTrue();
    assertThat(second.isComplete()).isFalse();

    sent.pending = PAGE;
    first.result().settle(PAGE);
    assertThat(second.isComplete()).as("the first waits to be read").isFalse();
    sent.read();
    assertThat(second.isComplete()).isTrue();
  }

  @Test
  void whatLeavesThisWayDoesNotMakeAClientTooSlow() {
    Outlet.Claim claim = outlet.claim(PAGE).result();
    sent.pending = QUEUE + PAGE;
    claim.settle(QUEUE + PAGE);
    session.send(new ServerEvent("event", new byte[100]));
    assertThat(sent.closed).isNull();

    sent.pending += QUEUE;
    session.send(new ServerEvent("event", new byte[100]));
    assertThat(sent.closed).isEqualTo(CloseCode.TOO_SLOW);
  }

  @Test
  void whatIsSentIsCountedBefore() {
    sent.pending = QUEUE - 100;
    session.send(new ServerEvent("event", new byte[10_000]));
    assertThat(sent.events).isEmpty();
    assertThat(sent.closed).isEqualTo(CloseCode.TOO_SLOW);
  }

  @Test
  void aClaimIsSettledOnce() {
    Outlet.Claim claim = outlet.claim(PAGE).result();
    claim.settle(0);
    claim.settle(PAGE);
    assertThat(outlet.leaving()).isZero();
    assertThat(outlet.claim(PAGE).isComplete()).isTrue();
  }

  @Test
  void whatWaitsEndsWithTheSession() {
    outlet.claim(PAGE);
    Future<Outlet.Claim> waits = outlet.claim(PAGE);
    session.ended();
    assertThat(waits.failed()).isTrue();
    assertThat(outlet.claim(PAGE).failed()).isTrue();
  }
}
