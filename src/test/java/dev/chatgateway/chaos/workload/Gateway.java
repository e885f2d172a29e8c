package dev.chatgateway.chaos.workload;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where the gateway is.
 *
 * @param balancer where most go
 * @param pods those that some go to past it
 * @param names the name of each pod there may be, by its {@code host:port}
 * @param running the same of the pods whose process runs now
 */
public record Gateway(
    URI balancer,
    List<URI> pods,
    Map<String, String> names,
    Supplier<Map<String, String>> running) {}
