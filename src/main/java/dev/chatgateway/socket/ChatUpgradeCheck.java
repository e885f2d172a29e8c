package dev.chatgateway.socket;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.BearerToken;
import dev.chatgateway.auth.Origins;
import dev.chatgateway.session.LimitsConfig;
import io.netty.channel.ChannelPipeline;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Decides whether a WebSocket is opened, and puts the gate into its pipeline. */
@Singleton
public class ChatUpgradeCheck implements HttpUpgradeCheck {
  private static final String GATE = "gate";

  private final Pod pod;
  private final Origins origins;
  private final int maxFrameBytes;
  private final int maxFirstBytes;

  ChatUpgradeCheck(
      Pod pod,
      Origins origins,
      LimitsConfig limits,
      @ConfigProperty(name = "quarkus.websockets-next.server.max-frame-size") int maxFrameBytes) {
    this.pod = pod;
    this.origins = origins;
    this.maxFrameBytes = maxFrameBytes;
    this.maxFirstBytes = Math.toIntExact(limits.firstFrames().asLongValue());
  }

  @Override
  public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
    HttpServerRequest request = upgrade.httpRequest();
    if (!origins.admits(
        request.getHeader(HttpHeaders.ORIGIN), request.getHeader(HttpHeaders.HOST))) {
      return CheckResult.rejectUpgrade(403);
    }
    int retryAfterS = pod.admissions().admit();
    if (retryAfterS > 0) {
      return CheckResult.rejectUpgrade(
          503, Map.of("Retry-After", List.of(Integer.toString(retryAfterS))));
    }
    ConnectionBase connection = (ConnectionBase) request.connection();
    FrameGate gate = new FrameGate(
        pod,
        maxFrameBytes,
        maxFirstBytes,
        BearerToken.of(request.getHeader(HttpHeaders.AUTHORIZATION)),
        request.headers(),
        ContextInternal.current());
    ChannelPipeline pipeline = connection.channel().pipeline();
    if (pipeline.get(GATE) != null) {
      pipeline.remove(GATE); // of a handshake before, on the same connection, that came to nothing
    }
    pipeline.addBefore("handler", GATE, gate);
    upgrade.userData().put(FrameGate.KEY, gate);
    return CheckResult.permitUpgrade();
  }
}
