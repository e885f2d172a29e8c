package dev.chatgateway.auth;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Keys in a file, or in a resource on the class path. */
final class FileKeys implements KeySource {
  private static final String CLASSPATH = "classpath:";

  private final String location;
  private final int maxBytes;
  private final Duration timeout;
  private final Executor executor;

  FileKeys(String location, int maxBytes, Duration timeout, Executor executor) {
    this.location = location;
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    this.executor = executor;
  }

  @Override
  public CompletableFuture<byte[]> read() {
    return CompletableFuture.supplyAsync(this::now, executor)
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public String shown() {
    return location;
  }

  /** Reads it on this thread. */
  byte[] now() {
    try (InputStream in = open()) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException("is larger than " + maxBytes + " bytes");
      }
      return bytes;
    } catch (IOException | IllegalArgumentException e) {
      throw new CompletionException(
          e instanceof NoSuchFileException ? new IOException("there is no such file") : e);
    }
  }

  private InputStream open() throws IOException {
    if (location.startsWith(CLASSPATH)) {
      return resource(location.substring(CLASSPATH.length()));
    }
    Path file = location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
    if (!location.startsWith("file:") && !Files.exists(file)) {
      try {
        return resource(location);
      } catch (FileNotFoundException neither) {
        throw new NoSuchFileException(location);
      }
    }
    return Files.newInputStream(file);
  }

  private static InputStream resource(String path) throws IOException {
    String name = path.startsWith("/") ? path.substring(1) : path;
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    InputStream found =
        (loader == null ? FileKeys.class.getClassLoader() : loader).getResourceAsStream(name);
    if (found == null) {
      throw new FileNotFoundException("there is no such resource");
    }
    return found;
  }
}
