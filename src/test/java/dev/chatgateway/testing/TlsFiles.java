package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority and a server's certificate for 127.0.0.1 and localhost, made with the
 * JDK's {@code keytool} and good for a day.
 */
public final class TlsFiles {
  private static final Path FOLDER = Path.of("target", "redis-tls").toAbsolutePath();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String STORE_PASSWORD = "changeit";

  private final Path folder;

  private TlsFiles(Path folder) {
    this.folder = folder;
  }

  /** An authority that nobody has trusted before, and a certificate it has signed. */
  public static TlsFiles make() {
    TlsFiles files =
        new TlsFiles(FOLDER.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet()));
    try {
      Files.createDirectories(files.folder);
      files.makeAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return files;
  }

  /** The authority's certificate, to be trusted. */
  public Path authority() {
    return folder.resolve("ca.pem");
  }

  /** The server's certificate. */
  public Path certificate() {
    return folder.resolve("server.pem");
  }

  /** The server's key. */
  public Path key() {
    return folder.resolve("server-key.pem");
  }

  /** What {@code redis.conf} has to say; to replicas and in a cluster TLS is spoken, too. */
  List<String> configuration() {
    return List.of(
        "tls-cert-file \"" + certificate() + "\"",
        "tls-key-file \"" + key() + "\"",
        "tls-ca-cert-file \"" + authority() + "\"",
        "tls-auth-clients no",
        "tls-replication yes",
        "tls-cluster yes");
  }

  /** The settings of a gateway that trusts this authority, and no other. */
  public String[] gatewaySettings() {
    return new String[] {
      "quarkus.redis.tls-configuration-name",
      "redis",
      "quarkus.tls.redis.trust-store.pem.certs",
      authority().toString()
    };
  }

  /** Trusts this authority, and no other. */
  public SSLSocketFactory socketFactory() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", store("ca").getCertificate("ca"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void makeAll() throws IOException, GeneralSecurityException {
    keyPair("ca", "-ext", "bc:c");
    keyPair("server");
    keytool("ca", "-exportcert", "-alias", "ca", "-rfc", "-file", "ca.pem");
    keytool("server", "-certreq", "-alias", "server", "-file", "server.csr");
    keytool(
        "ca",
        "-gencert",
        "-alias",
        "ca",
        "-rfc",
        "-validity",
        "1",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost",
        "-infile",
        "server.csr",
        "-outfile",
        "server.pem");
    byte[] key = store("server").getKey("server", STORE_PASSWORD.toCharArray()).getEncoded();
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
    Files.writeString(
        key(), "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
  }

  private void keyPair(String alias, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of(
        "-genkeypair",
        "-alias",
        alias,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=chat-gateway test " + alias,
        "-validity",
        "1"));
    words.addAll(List.of(more));
    keytool(alias, words.toArray(String[]::new));
  }

  private void keytool(String store, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words));
    command.addAll(
        List.of("-keystore", store + ".p12", "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
    Process process = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private KeyStore store(String name) throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(
        folder.resolve(name + ".p12").toFile(), STORE_PASSWORD.toCharArray());
  }
}
