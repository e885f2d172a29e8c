package dev.chatgateway.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an address of Redis as {@code quarkus.redis.hosts} has it: {@code
 * redis://user:password@host:port/database}, the same with {@code rediss}, or {@code
 * unix:///path?db=database}. Its user, password and parameters appear in no message.
 */
public final class ConnectionString {
  private static final int DEFAULT_PORT = 6379;
  private static final Pattern SCHEME = Pattern.compile("(redis|rediss|unix)://");
  private static final Pattern PLACE =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]+)?(?:/[0-9]*)?");
  private static final Pattern DATABASE = Pattern.compile("[0-9]{1,9}");
  private static final String EXPECTED = " is no address of Redis. It is"
      + " redis://user:password@host:port/database, and in its user and password all characters but"
      + " letters, digits and -._~ have to be written as %XX.";

  private final URI uri;
  private final int database;

  private ConnectionString(URI uri, int database) {
    this.uri = uri;
    this.database = database;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if the text is none; the message shows what can't be a secret
   */
  public static ConnectionString parse(String text) {
    URI uri = uri(text);
    if (uri == null || uri.getScheme() == null || uri.getRawFragment() != null) {
      throw malformed(text);
    }
    String database;
    switch (uri.getScheme()) {
      case "redis", "rediss" -> {
        if (uri.getHost() == null) {
          throw malformed(text);
        }
        String path = uri.getRawPath();
        database = path == null || path.length() < 2 ? parameter(uri, "db") : path.substring(1);
      }
      case "unix" -> {
        if (uri.getPath() == null || uri.getPath().isEmpty()) {
          throw malformed(text);
        }
        database = parameter(uri, "db");
      }
      default -> throw malformed(text);
    }
    if (database != null && !DATABASE.matcher(database).matches()) {
      throw malformed(text);
    }
    return new ConnectionString(uri, database == null ? 0 : Integer.parseInt(database));
  }

  // Not by its exception, which has the whole text.
  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String parameter(URI uri, String name) {
    String query = uri.getQuery();
    if (query == null) {
      return null;
    }
    for (String pair : query.split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return null;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(masked(text) + EXPECTED);
  }

  /** What can't be a secret: the scheme, and the place where it can't be a part of the password. */
  private static String masked(String text) {
    Matcher scheme = SCHEME.matcher(text);
    String head = scheme.lookingAt() ? scheme.group() : "";
    int at = text.lastIndexOf('@');
    String place = text.substring(at + 1);
    boolean clear = at >= 0 && text.indexOf('?') < 0;
    return head + "…" + (clear && PLACE.matcher(place).matches() ? "@" + place : "");
  }

  /** Returns the parsed address, with its secrets. */
  URI uri() {
    return uri;
  }

  /** Returns the number of the database. */
  int database() {
    return database;
  }

  /** Returns the host and the port, or the path of the socket. */
  public String shown() {
    return uri.getScheme().equals("unix") ? "unix:" + uri.getPath() : address().toString();
  }

  ServerAddress address() {
    return new ServerAddress(
        uri.getHost() == null ? "localhost" : uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
  }
}
