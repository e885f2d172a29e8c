package dev.chatgateway.presence;

import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Pacer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Takes what a dead incarnation left out of rooms and presence, and so tells the rooms. Any pod
 * does it, one at a time; several at once do no harm: what one has swept, another finds gone. Who was
 * sent away and is expected back is left until they are late.
 */
final class Sweeper {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);
  private static final LuaScript SWEEP_TICKET = LuaScript.load("ticket/sweep");
  private static final int BATCH = 200;
  private static final int AT_ONCE = 32;

  private final Loop main;
  private final SweepTurns turns;
  private final Index index;
  private final TicketScripts tickets;
  private final UserStore users;
  private final Pacer pacer = new Pacer(AT_ONCE);
  private final Set<String> sweeping = new HashSet<>();
  private final Set<String> known = new HashSet<>();
  private final Counter ghosts;

  Sweeper(
      Loop main,
      SweepTurns turns,
      Index index,
      TicketScripts tickets,
      UserStore users,
      MeterRegistry registry) {
    this.main = main;
    this.turns = turns;
    this.index = index;
    this.tickets = tickets;
    this.users = users;
    this.ghosts = Counter.builder("chat.swept.ghosts")
        .description("Connections of dead pods taken out of rooms and presence")
        .register(registry);
  }

  /** Sweeps those that are not being swept already, here or by another pod. On the main loop. */
  void sweep(List<String> dead) {
    known.retainAll(dead);
    for (String incarnation : dead) {
      if (sweeping.add(incarnation)) {
        sweepInTurn(incarnation).onComplete(swept -> {
          sweeping.remove(incarnation);
          if (swept.failed()) {
            LOG.debugf("Sweeping stopped: %s", swept.cause().getMessage());
          }
        });
      }
    }
  }

  private Future<Void> sweepInTurn(String incarnation) {
    return turns.take(main.redis(), incarnation).compose(mine -> {
      if (!mine) {
        return Future.succeededFuture();
      }
      if (known.add(incarnation)) {
        LOG.infof("Pod incarnation %s is dead; sweeping what it left", incarnation);
      }
      return sweep(incarnation);
    });
  }

  private Future<Void> sweep(String incarnation) {
    return drain(
            incarnation,
            () -> index.someTickets(main.redis(), incarnation, BATCH),
            ticket -> sweepTicket(incarnation, ticket),
            batch -> index.removeTickets(main.redis(), incarnation, batch))
        .compose(noTicketLeft -> drain(
                incarnation,
                () -> index.someUsers(main.redis(), incarnation, BATCH),
                user -> users
                    .sweep(main.redis(), user, incarnation)
                    .onSuccess(ghosts::increment)
                    .map(true),
                batch -> index.removeUsers(main.redis(), incarnation, batch))
            .map(noUserLeft -> noTicketLeft && noUserLeft))
        .compose(done -> done
            ? index.forget(main.redis(), incarnation).mapEmpty()
            : Future.succeededFuture()); // the next heartbeat names it again
  }

  /** Gives whether nobody is expected back to a place the incarnation had in that ticket. */
  private Future<Boolean> sweepTicket(String incarnation, String ticket) {
    return tickets.call(main.redis(), SWEEP_TICKET, ticket, incarnation).map(swept -> {
      ghosts.increment(swept.at(0).number());
      return swept.at(1).number() == 0;
    });
  }

  /**
   * Takes batches until there are no more, or none of one can be done yet; an entry leaves the index
   * only once it is done. Gives whether all are.
   */
  private Future<Boolean> drain(
      String incarnation,
      Supplier<Future<List<String>>> some,
      Function<String, Future<Boolean>> each,
      Function<List<String>, Future<Reply>> remove) {
    return some.get().compose(batch -> {
      if (batch.isEmpty()) {
        return Future.succeededFuture(true);
      }
      List<String> finished = new ArrayList<>();
      List<Future<Boolean>> all = new ArrayList<>();
      for (String id : batch) {
        all.add(pacer.run(() -> each.apply(id)).onSuccess(done -> {
          if (done) {
            finished.add(id);
          }
        }));
      }
      return Future.all(all)
          .compose(seen -> finished.isEmpty()
              ? Future.succeededFuture(false)
              : remove
                  .apply(finished)
                  .compose(removed -> turns.take(main.redis(), incarnation))
                  .compose(mine -> mine
                      ? drain(incarnation, some, each, remove)
                      : Future.succeededFuture(false)));
    });
  }
}
