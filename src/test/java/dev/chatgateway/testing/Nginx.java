package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A real nginx before pods: round robin, and no request stays with a pod. Needs no root. */
public final class Nginx implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "nginx").toAbsolutePath();
  private static final String CONFIG = """
      daemon off;
      master_process off;
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
            proxy_read_timeout 1h;
          }
        }
      }
      """;

  private final Process process;
  private final URI address;

  private Nginx(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** One that is ready, and takes a pod out for good when it can't be reached. */
  public static Nginx before(List<PodProcess> pods) {
    Path nginx = Requirement.command("nginx", "nginx-light");
    int port = RedisOfThisJvm.freePort();
    String servers = pods.stream()
        .map(pod -> "    server " + pod.http("").getAuthority() + " max_fails=1 fail_timeout=1h;")
        .collect(Collectors.joining("\n"));
    try {
      Files.createDirectories(FOLDER);
      Path config = FOLDER.resolve("nginx.conf");
      Files.writeString(config, CONFIG.formatted(servers, port));
      Path log = FOLDER.resolve("error.log");
      Process process = new ProcessBuilder(
              nginx.toString(), "-p", FOLDER + "/", "-c", config.toString(), "-e", log.toString())
          .redirectErrorStream(true)
          .redirectOutput(FOLDER.resolve("output.log").toFile())
          .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      URI address = URI.create("http://127.0.0.1:" + port);
      Awaitility.await("nginx, whose log is " + log)
          .atMost(Duration.ofSeconds(10))
          .failFast("nginx has ended, see " + log, () -> !process.isAlive())
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> PodProcess.get(address.resolve("/")).statusCode() > 0);
      return new Nginx(process, address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI address() {
    return address;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
