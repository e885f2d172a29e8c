package dev.chatgateway.presence;

import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Has {@link LatePods} judge by Redis and HTTP, on a loop that no client's work holds up. */
public final class PodJudge {
  private static final LuaScript NAME_DEAD = LuaScript.load("presence/name_dead");
  private static final Pattern INCARNATION = Pattern.compile("[0-9a-v]{8}");

  private final Loop apart;
  private final Keys keys;
  private final PresenceConfig config;
  private final PodAddresses addresses;
  private final SweepTurns turns;
  private final Inquiry inquiry;
  private final LatePods latePods;
  private Runnable onNamed = () -> {};

  public PodJudge(
      String podId,
      Vertx vertx,
      Loop apart,
      Keys keys,
      PresenceConfig config,
      PeersConfig peers,
      PodAddresses addresses) {
    this.apart = apart;
    this.keys = keys;
    this.config = config;
    this.addresses = addresses;
    this.turns = new SweepTurns(podId, keys, config);
    this.inquiry = new Inquiry(vertx, peers.connectTimeout(), config.lease());
    this.latePods = new LatePods(
        config.lease(),
        inquiry.answer(),
        new Deeds(),
        this::ask,
        System::nanoTime,
        (nanos, action) -> apart.after(Math.max(1, nanos / 1_000_000), action));
  }

  /** Hears, on the loop, that a pod has been named dead. To be called before {@link #heard}. */
  void onNamed(Runnable action) {
    onNamed = action;
  }

  /** Trusts the certificates that this server trusts, for pods that speak TLS. */
  public void trust(HttpServerOptions own) {
    inquiry.trust(own);
  }

  /** Judges whose lease has run out: incarnation, for how many ms, and address, one by one. */
  void heard(List<String> late) {
    List<LatePods.Late> all = new ArrayList<>();
    for (int i = 0; i + 2 < late.size(); i += 3) {
      String incarnation = late.get(i);
      Optional<PeerAddress> address = INCARNATION.matcher(incarnation).matches()
          ? addresses.ofIncarnation(incarnation, late.get(i + 2))
          : Optional.empty();
      all.add(new LatePods.Late(incarnation, Long.parseLong(late.get(i + 1)), address));
    }
    if (!all.isEmpty()) {
      apart.run(() -> latePods.judge(all));
    }
  }

  private Future<Boolean> ask(LatePods.Late late) {
    Promise<Boolean> answer = Promise.promise();
    // The client makes its connection on the loop it is called on, in that loop's context only.
    apart
        .context()
        .runOnContext(there ->
            inquiry.isAt(late.address().orElseThrow(), late.incarnation()).onComplete(answer));
    return answer.future();
  }

  private final class Deeds implements LatePods.Deeds {
    @Override
    public Future<Boolean> takeTurn(String incarnation) {
      return turns.take(apart.redis(), incarnation);
    }

    @Override
    public Future<?> nameDead(String incarnation) {
      return NAME_DEAD
          .call(
              apart.redis(),
              List.of(keys.shared("leases")),
              incarnation,
              config.lease().toMillis())
          .onSuccess(named -> onNamed.run());
    }
  }
}
