package dev.chatgateway.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a pod is started: its ports, properties, environment and JVM flags, kept over restarts. */
public final class PodSpec {
  private final int port = Ports.next();
  private final int managementPort = Ports.next();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  // Compiled once and cheaply: most pods end before it would pay to optimise them.
  private final List<String> jvmFlags =
      new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));

  /** A pod on ports of its own that trusts {@link Tokens} signed here. */
  public PodSpec() {
    set("quarkus.http.host", "127.0.0.1");
    set("quarkus.http.port", Integer.toString(port));
    set("quarkus.management.host", "127.0.0.1");
    set("quarkus.management.port", Integer.toString(managementPort));
    set("mp.jwt.verify.publickey.location", TestKeys.publicKeyFile().toUri().toString());
    set("chat.peers.secret", "known-to-all-pods-of-the-test");
    set("chat.drain.delay", "0s"); // no balancer here has to learn of it
    set("quarkus.log.console.json.enabled", "false");
  }

  /** Sets a property; null takes away what is set here. */
  public PodSpec set(String property, String value) {
    properties.put(property, value);
    return this;
  }

  /** Sets properties: {@code name, value, name, value, …}. */
  public PodSpec set(String... settings) {
    for (int i = 0; i < settings.length; i += 2) {
      set(settings[i], settings[i + 1]);
    }
    return this;
  }

  public PodSpec environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Adds flags of the JVM, which go before those set here. */
  public PodSpec jvm(String... flags) {
    jvmFlags.addAll(List.of(flags));
    return this;
  }

  /** Starts a process, on {@link TestRedis} where no Redis was set; it may not become ready. */
  public PodProcess launch() {
    return PodProcess.launch(this);
  }

  public int port() {
    return port;
  }

  int managementPort() {
    return managementPort;
  }

  Map<String, String> environment() {
    return environment;
  }

  List<String> command(Path jar) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    if (!properties.containsKey("quarkus.redis.hosts")) {
      command.add("-Dquarkus.redis.hosts=" + TestRedis.uri());
    }
    properties.forEach((name, value) -> {
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    });
    command.add("-jar");
    command.add(jar.toString());
    return command;
  }
}
