package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Requirement;
import dev.chatgateway.testing.TestKeys;
import dev.chatgateway.testing.TestRedis;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;

/**
 * The image that was built, run as the Deployment of the base says: its arguments, memory, user and
 * file system. On the network of the machine, since Redis may be a process there.
 */
final class ImageContainer implements AutoCloseable {
  private static final Path TAR = Path.of("target", "image", "chat-gateway.tar");
  private static final String IMAGE = "chat-gateway:" + System.getProperty("chat.test.version");
  private static final Duration STARTUP = Duration.ofSeconds(60);
  private static final String KEY = "/etc/chat-gateway/jwt.pem";

  private final DockerClient docker = DockerClientFactory.instance().client();
  private final int port = PodProcess.freePort();
  private final int managementPort = PodProcess.freePort();
  private final String id;

  private ImageContainer(JsonNode container) {
    List<String> arguments = new ArrayList<>();
    container.path("args").forEach(argument -> arguments.add(argument.asText()));
    id = docker
        .createContainerCmd(IMAGE)
        .withCmd(arguments)
        .withEnv(environment())
        .withHostConfig(limits(container).withNetworkMode("host"))
        .exec()
        .getId();
    docker.startContainerCmd(id).exec();
  }

  /** Skips the test where there is no engine, or where no image was built. */
  static InspectImageResponse load() {
    if (!Files.exists(TAR)) {
      throw Requirement.missing(
          TAR + " is missing: pass -Dimage.base, as docs/operations.md tells", null);
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw Requirement.missing("no Docker engine answers", null);
    }
    DockerClient docker = DockerClientFactory.instance().client();
    try (InputStream tar = Files.newInputStream(TAR)) {
      docker.loadImageCmd(tar).exec();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return docker.inspectImageCmd(IMAGE).exec();
  }

  /** A container that is ready. */
  static ImageContainer start() {
    JsonNode container =
        Manifests.containers(Kustomize.render("production").gateway()).get(0);
    ImageContainer started = new ImageContainer(container);
    try {
      Awaitility.await("a container that is ready")
          .atMost(STARTUP)
          .failFast("it has ended", () -> !started.state().getRunning())
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> PodProcess.get(started.management("/q/health/ready")).statusCode() == 200);
      return started;
    } catch (RuntimeException e) {
      String log = started.log();
      started.close();
      throw new IllegalStateException(e.getMessage() + "; its log:\n" + log, e);
    }
  }

  private HostConfig limits(JsonNode container) {
    JsonNode security = container.path("securityContext");
    List<Capability> dropped = new ArrayList<>();
    security
        .at("/capabilities/drop")
        .forEach(name -> dropped.add(Capability.valueOf(name.asText())));
    List<String> options = security.path("allowPrivilegeEscalation").asBoolean(true)
        ? List.of()
        : List.of("no-new-privileges");
    return new HostConfig()
        .withReadonlyRootfs(security.path("readOnlyRootFilesystem").asBoolean())
        .withCapDrop(dropped.toArray(Capability[]::new))
        .withSecurityOpts(options)
        .withMemory(Quantity.getAmountInBytes(
                new Quantity(container.at("/resources/limits/memory").asText()))
            .longValueExact())
        .withTmpFs(Map.of("/tmp", "rw,exec,nosuid,size=64m"))
        .withBinds(new Bind(
            TestKeys.publicKeyFile().toAbsolutePath().toString(), new Volume(KEY), AccessMode.ro));
  }

  private List<String> environment() {
    return List.of(
        "QUARKUS_HTTP_HOST=127.0.0.1",
        "QUARKUS_HTTP_PORT=" + port,
        "QUARKUS_MANAGEMENT_HOST=127.0.0.1",
        "QUARKUS_MANAGEMENT_PORT=" + managementPort,
        "QUARKUS_REDIS_HOSTS=" + TestRedis.uri(),
        "CHAT_REDIS_KEY_PREFIX=" + RedisResource.newKeyPrefix(),
        "CHAT_JWT_PUBLIC_KEY=" + KEY);
  }

  URI http(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  URI management(String path) {
    return URI.create("http://127.0.0.1:" + managementPort + path);
  }

  /** What {@code jcmd} answers inside. */
  String jcmd(String command) {
    String exec = docker
        .execCreateCmd(id)
        .withCmd("jcmd", "1", command)
        .withAttachStdout(true)
        .withAttachStderr(true)
        .exec()
        .getId();
    Output output = new Output();
    await(docker.execStartCmd(exec).exec(output));
    return output.text.toString();
  }

  /** SIGTERM, and SIGKILL after that time. Returns the exit status. */
  long stop(Duration grace) {
    docker.stopContainerCmd(id).withTimeout((int) grace.toSeconds()).exec();
    return state().getExitCodeLong();
  }

  /** Everything it has logged so far. */
  String log() {
    Output output = new Output();
    await(docker.logContainerCmd(id).withStdOut(true).withStdErr(true).exec(output));
    return output.text.toString();
  }

  private ContainerState state() {
    return docker.inspectContainerCmd(id).exec().getState();
  }

  private static void await(ResultCallback.Adapter<Frame> callback) {
    try {
      callback.awaitCompletion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
  }

  private static final class Output extends ResultCallback.Adapter<Frame> {
    private final StringBuffer text = new StringBuffer();

    @Override
    public void onNext(Frame frame) {
      text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
    }
  }
}
