package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a Redis server has of its data on disk: snapshot and append-only files. */
final class RedisDisk {
  private final Path folder;
  private final Path aside;

  RedisDisk(Path folder) {
    this.folder = folder;
    aside = folder.resolveSibling(folder.getFileName() + "-aside");
  }

  void erase() {
    erase(folder);
  }

  /** Copies the files as they are now: Redis takes an append-only file that ends in mid-command. */
  void putAside() {
    erase(aside);
    copy(folder, aside);
  }

  void bringBack() {
    erase(folder);
    copy(aside, folder);
  }

  private static void erase(Path folder) {
    try {
      for (Path file : data(folder)) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      for (Path file : data(from)) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> data(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.toString().matches(".*(\\.rdb|\\.aof|\\.manifest)"))
          .toList();
    }
  }
}
