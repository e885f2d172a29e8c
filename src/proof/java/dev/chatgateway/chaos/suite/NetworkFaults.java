package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.fault.Fleet;
import dev.chatgateway.chaos.fault.TcpProxy;
import dev.chatgateway.chaos.fault.TcpProxy.Order;
import dev.chatgateway.chaos.fault.TcpProxy.Way;
import java.util.EnumSet;
import java.util.Set;

/** What is done to the networks between pods and Redis. */
final class NetworkFaults {
  private static final long CUT_MS = 12_000;
  private static final long SLOW_MS = 15_000;

  private NetworkFaults() {}

  static void cutBoth(World world) {
    cutOne(world, "cut", EnumSet.allOf(Way.class));
  }

  static void cutToRedis(World world) {
    cutOne(world, "cut to redis", EnumSet.of(Way.TO_SERVER));
  }

  static void cutFromRedis(World world) {
    cutOne(world, "cut from redis", EnumSet.of(Way.TO_CLIENT));
  }

  private static void cutOne(World world, String name, Set<Way> ways) {
    int pod = world.anyPod();
    TcpProxy network = world.standalone().network(pod);
    Order order = anyOrder(world);
    world.during(name, Fleet.name(pod), Fleet.name(pod), () -> {
      network.cut(ways);
      World.last(CUT_MS);
      network.heal(order);
    });
  }

  static void latency(World world) {
    world.during("latency", "network", false, () -> {
      world.standalone().networks().forEach(network -> network.delay(200, 100));
      World.last(SLOW_MS);
      world.standalone().networks().forEach(TcpProxy::heal);
    });
  }

  static void cutAll(World world) {
    Order order = anyOrder(world);
    world.during("cut", "network", true, () -> {
      world.standalone().networks().forEach(network -> network.cut(EnumSet.allOf(Way.class)));
      World.last(CUT_MS);
      world.standalone().networks().forEach(network -> network.heal(order));
    });
  }

  private static Order anyOrder(World world) {
    // Not the first bit: seeds that are close to each other have it in common.
    return (world.random().nextLong() & 1) == 0 ? Order.OLD_FIRST : Order.NEW_FIRST;
  }
}
