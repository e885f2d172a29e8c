package dev.chatgateway.chaos.workload;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Where the gateway is.
 *
 * @param balancer where most go
 * @param pods those that some go to past it
 * @param names the name of each pod there may be, by its {@code host:port}
 */
public record Gateway(URI balancer, List<URI> pods, Map<String, String> names) {}
