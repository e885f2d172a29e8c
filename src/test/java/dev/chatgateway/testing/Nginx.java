package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A real nginx before pods: round robin, and no request stays with a pod, whose address is in the
 * response as {@code X-Reached}. Needs no root.
 */
public final class Nginx implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "nginx").toAbsolutePath();
  private static final String NOBODY = "    server 127.0.0.1:9;";
  private static final String CONFIG = """
      daemon off;
      worker_processes 1;
      pid nginx.pid;
      events { worker_connections 8192; }
      http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        # HTTP/2's h2c upgrade must not be passed on.
        map $http_upgrade $upgrade { default ''; websocket websocket; }
        map $http_upgrade $connection_upgrade { default ''; websocket upgrade; }
        upstream pods {
      %s
          keepalive 64;
        }
        server {
          listen 127.0.0.1:%d backlog=4096;
          location / {
            proxy_pass http://pods;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_next_upstream off;
            proxy_buffering off;
            proxy_connect_timeout 2s;
            proxy_read_timeout 1h;
            add_header X-Reached $upstream_addr always;
          }
        }
      }
      """;

  private static final Duration END = Duration.ofSeconds(5);

  private final Path folder;
  private final int port;
  private final String options;
  private Process process;

  private Nginx(String options) {
    this.port = Ports.next();
    this.folder = FOLDER.resolve(Integer.toString(port));
    this.options = options;
  }

  /** One that is ready, and takes a pod out for good when it can't be reached. */
  public static Nginx before(List<PodProcess> pods) {
    return new Nginx("max_fails=1 fail_timeout=1h").start(pods);
  }

  /** One that is ready, and sends to the pods it is told of, as by {@link #route}. */
  public static Nginx routing(List<PodProcess> pods) {
    return new Nginx("max_fails=1 fail_timeout=1s").start(pods);
  }

  /**
   * From now on new connections and requests go to these pods alone; WebSockets that are open stay
   * where they are.
   */
  public void route(List<PodProcess> pods) {
    write(pods);
    Signals.send("HUP", process.pid());
  }

  private Path write(List<PodProcess> pods) {
    String servers = pods.stream()
        .map(pod -> "    server " + pod.http("").getAuthority() + " " + options + ";")
        .collect(Collectors.joining("\n"));
    try {
      Files.createDirectories(folder);
      Path config = folder.resolve("nginx.conf");
      Files.writeString(config, CONFIG.formatted(servers.isEmpty() ? NOBODY : servers, port));
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Nginx start(List<PodProcess> pods) {
    Path nginx = Requirement.command("nginx", "nginx-light");
    Path config = write(pods);
    List<String> command = new ArrayList<>(
        List.of(nginx.toString(), "-p", folder + "/", "-c", config.toString(), "-e"));
    Path log = folder.resolve("error.log");
    command.add(log.toString());
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("-g", "user root;")); // else its workers can't enter the folder
    }
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("output.log").toFile())
          .start();
      Runtime.getRuntime().addShutdownHook(new Thread(this::close));
      Awaitility.await("nginx, whose log is " + log)
          .atMost(Duration.ofSeconds(10))
          .failFast("nginx has ended, see " + log, () -> !process.isAlive())
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> PodProcess.get(address().resolve("/")).statusCode() > 0);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroy(); // a master that is killed leaves its workers
    try {
      if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
