package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The users of Redis as a deployment has them: the files in {@code k8s/redis}, with passwords. Only
 * who the tests themselves are is added.
 */
public final class RedisUsers {
  public static final String GATEWAY = "gateway";
  public static final String GATEWAY_PASSWORD = "gateway-secret";
  public static final String REPLICA = "replica";
  public static final String REPLICA_PASSWORD = "replica-secret";
  public static final String SENTINEL = "sentinel";
  public static final String SENTINEL_PASSWORD = "sentinel-secret";
  public static final String TESTS = "tests";
  public static final String TESTS_PASSWORD = "tests-secret";

  private static final Path FOLDER = Path.of("k8s", "redis");
  private static final Map<String, String> PASSWORDS = Map.of(
      GATEWAY, GATEWAY_PASSWORD,
      REPLICA, REPLICA_PASSWORD,
      SENTINEL, SENTINEL_PASSWORD);

  private RedisUsers() {}

  /**
   * The users of a data server, as its {@code aclfile} has them.
   *
   * @param seven whether it is of Redis 7 or newer
   * @param open whether who doesn't log in may do everything, as where there are no users
   */
  public static String of(boolean seven, boolean open) {
    return read(seven ? "users.acl" : "users-6.2.acl", open);
  }

  /** The users of a sentinel. */
  public static String ofSentinel(boolean open) {
    return read("sentinel-users.acl", open);
  }

  private static String read(String file, boolean open) {
    StringBuilder users = new StringBuilder();
    for (String line : lines(FOLDER.resolve(file))) {
      String name = line.split(" ")[1];
      if (PASSWORDS.containsKey(name)) {
        users.append(withPassword(line, PASSWORDS.get(name)));
      } else if (open && name.equals("default")) {
        users.append("user default on nopass ~* &* +@all");
      } else {
        users.append(line);
      }
      users.append('\n');
    }
    return users
        .append("user " + TESTS + " on >" + TESTS_PASSWORD + " ~* &* +@all\n")
        .toString();
  }

  /** What {@code docs/redis.md} has one do with {@code sed}. */
  private static String withPassword(String line, String password) {
    return line.replaceFirst(" on ", " on #" + sha256(password) + " ");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String password) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256")
              .digest(password.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
