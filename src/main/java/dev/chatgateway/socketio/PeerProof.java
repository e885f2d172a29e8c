package dev.chatgateway.socketio;

import dev.chatgateway.logging.LogThrottle;
import dev.chatgateway.presence.PeerSecret;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Proves to another pod that a request comes from a pod, and to this one that an answer is that pod's
 * to that request. The claim names the pod, the time and a random number, with an HMAC over these
 * and the request; the answer has an HMAC over the number. Without {@code chat.peers.secret} both are
 * only claimed.
 */
final class PeerProof {
  private static final Logger LOG = Logger.getLogger(PeerProof.class);
  private static final String CLAIM = "Chat-Forwarded-By";
  private static final String ANSWER = "Chat-Answered-By";
  private static final String SIGNED_REQUEST = "request";
  private static final String SIGNED_ANSWER = "answer";
  private static final Pattern FORM =
      Pattern.compile("([0-9a-v]{8}) ([0-9]{1,15}) ([A-Za-z0-9_-]{22}) ([0-9a-f]{64}|-)");
  // The pods go by Redis's time, and a request is on its way for milliseconds.
  private static final long WINDOW_MS = 30_000;

  private final String podId;
  private final PeerSecret secret;
  private final LongSupplier nowMs;
  private final LogThrottle warnings = new LogThrottle(Duration.ofMinutes(1));

  /**
   * @param nowMs the time that all pods share
   */
  PeerProof(String podId, PeerSecret secret, LongSupplier nowMs) {
    this.podId = podId;
    this.secret = secret;
    this.nowMs = nowMs;
  }

  /**
   * What a request to another pod carries.
   *
   * @param header its name
   * @param number what the answer has to prove that it knows
   */
  record Claim(String header, String value, String number) {}

  /** Returns the header with which this pod sends a request. */
  Claim claim(HttpMethod method, String uri) {
    String number = Sid.random();
    String told = podId + " " + nowMs.getAsLong() + " " + number;
    String mac = secret.sign(SIGNED_REQUEST, told, method.name(), uri);
    return new Claim(CLAIM, told + " " + mac, number);
  }

  /** Returns whether a request claims to come from a pod; the door lets no false claim pass. */
  static boolean isClaimed(HttpServerRequest request) {
    return request.headers().contains(CLAIM);
  }

  /**
   * Checks the claim of a request, and has its answer prove whose it is.
   *
   * @return false if the claim is false
   */
  boolean accept(HttpServerRequest request) {
    Matcher claim = FORM.matcher(String.join(",", request.headers().getAll(CLAIM)));
    if (!claim.matches()
        || !secret.isSignature(
            claim.group(4),
            SIGNED_REQUEST,
            claim.group().substring(0, claim.start(4) - 1),
            request.method().name(),
            request.uri())
        || Math.abs(nowMs.getAsLong() - Long.parseLong(claim.group(2))) > WINDOW_MS) {
      warn();
      return false;
    }
    request.response().putHeader(ANSWER, answer(podId, claim.group(3)));
    return true;
  }

  /** Returns the name of the header that {@link #isAnswer} looks at. */
  static String answerHeader() {
    return ANSWER;
  }

  /** Returns whether an answer is that pod's to the request with that number. */
  boolean isAnswer(String header, String owner, String number) {
    if (header == null || !header.startsWith(owner + " " + number + " ")) {
      return false;
    }
    String mac = header.substring(owner.length() + number.length() + 2);
    return secret.isSignature(mac, SIGNED_ANSWER, owner, number);
  }

  private String answer(String owner, String number) {
    return owner + " " + number + " " + secret.sign(SIGNED_ANSWER, owner, number);
  }

  private void warn() {
    if (warnings.admits()) {
      LOG.warn("A request claims to come from another pod and does not prove it; refused. "
          + "If pods are meant, their chat.peers.secret differ");
    }
  }
}
