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
 * does it, several at once do no harm: what one has swept, another finds gone.
 */
final class Sweeper {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);
  private static final LuaScript SWEEP_TICKET = LuaScript.load("ticket/sweep");
  private static final int BATCH = 200;
  private static final int AT_ONCE = 32;

  private final Loop main;
  private final Index index;
  private final TicketScripts tickets;
  private final UserStore users;
  private final Pacer pacer = new Pacer(AT_ONCE);
  private final Set<String> sweeping = new HashSet<>();
  private final Counter ghosts;

  Sweeper(Loop main, Index index, TicketScripts tickets, UserStore users, MeterRegistry registry) {
    this.main = main;
    this.index = index;
    this.tickets = tickets;
    this.users = users;
    this.ghosts = Counter.builder("chat.swept.ghosts")
        .description("Connections of dead pods taken out of rooms and presence")
        .register(registry);
  }

  /** Sweeps those that are not being swept here already. On the main loop. */
  void sweep(List<String> dead) {
    for (String incarnation : dead) {
      if (sweeping.add(incarnation)) {
        LOG.infof("Pod incarnation %s is dead; sweeping what it left", incarnation);
        sweep(incarnation).onComplete(swept -> {
          sweeping.remove(incarnation);
          if (swept.failed()) {
            LOG.debugf("Sweeping stopped: %s", swept.cause().getMessage());
          }
        });
      }
    }
  }

  private Future<Reply> sweep(String incarnation) {
    return drain(
            () -> index.someTickets(main.redis(), incarnation, BATCH),
            ticket ->
                tickets.call(main.redis(), SWEEP_TICKET, ticket, incarnation).map(Reply::number),
            batch -> index.removeTickets(main.redis(), incarnation, batch))
        .compose(ticketsDone -> drain(
            () -> index.someUsers(main.redis(), incarnation, BATCH),
            user -> users.sweep(main.redis(), user, incarnation),
            batch -> index.removeUsers(main.redis(), incarnation, batch)))
        .compose(usersDone -> index.forget(main.redis(), incarnation));
  }

  /** Takes batches until there are no more; an entry leaves the index only once it is done. */
  private Future<Void> drain(
      Supplier<Future<List<String>>> some,
      Function<String, Future<Long>> each,
      Function<List<String>, Future<Reply>> remove) {
    return some.get().compose(batch -> {
      if (batch.isEmpty()) {
        return Future.succeededFuture();
      }
      List<Future<Long>> done = new ArrayList<>();
      for (String id : batch) {
        done.add(pacer.run(() -> each.apply(id)).onSuccess(ghosts::increment));
      }
      return Future.all(done)
          .compose(all -> remove.apply(batch))
          .compose(removed -> drain(some, each, remove));
    });
  }
}
