package dev.chatgateway.socket;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.BearerToken;
import dev.chatgateway.auth.Origins;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.session.LimitsConfig;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Decides whether a WebSocket is opened, and puts the gate into its pipeline. */
@Singleton
public class ChatUpgradeCheck implements HttpUpgradeCheck {
  private static final String GATE = "gate";
  private static final String RETRY_AFTER = "Retry-After";

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
        request.headers().getAll(HttpHeaders.ORIGIN), request.getHeader(HttpHeaders.HOST))) {
      return refuse(
          request,
          new ChatException(ErrorCode.FORBIDDEN, "pages of this origin may not connect here"));
    }
    String token;
    try {
      token = token(request.headers());
    } catch (ChatException malformed) {
      return refuse(request, malformed);
    }
    int retryAfterS = pod.admissions().admit();
    if (retryAfterS > 0) {
      request.response().putHeader(RETRY_AFTER, Integer.toString(retryAfterS));
      return refuse(
          request,
          new ChatException(
              ErrorCode.UNAVAILABLE, "too many new connections, or this pod is stopping"));
    }
    ConnectionBase connection = (ConnectionBase) request.connection();
    FrameGate gate = new FrameGate(
        pod, maxFrameBytes, maxFirstBytes, token, request.headers(), ContextInternal.current());
    ChannelPipeline pipeline = connection.channel().pipeline();
    if (pipeline.get(GATE) != null) {
      pipeline.remove(GATE); // of a handshake before, on the same connection, that came to nothing
    }
    pipeline.addBefore("handler", GATE, gate);
    upgrade.userData().put(FrameGate.KEY, gate);
    return CheckResult.permitUpgrade();
  }

  /**
   * Returns the token of the Authorization header, or else of a subprotocol. Leaves no more of the
   * offered subprotocols than the one that may be agreed to.
   */
  private static String token(MultiMap headers) {
    Subprotocols offered = Subprotocols.of(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
    headers.remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    if (offered.carrier()) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, Subprotocols.CARRIER);
    }
    String token = BearerToken.of(headers.get(HttpHeaders.AUTHORIZATION));
    return token == null ? offered.token() : token;
  }

  // Answered here, since a rejection has no body; the extension is told nothing more of it.
  private static Uni<CheckResult> refuse(HttpServerRequest request, ChatException why) {
    Refused.with(request.response(), why);
    return Uni.createFrom().nothing();
  }
}
