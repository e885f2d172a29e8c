package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** A key pair for gateways that run as packaged, made when first needed and never kept. */
public final class TestKeys {
  private static final Path FOLDER = Fork.folder("test-keys");
  private static final Path PUBLIC = FOLDER.resolve("public.pem");
  private static final Path PRIVATE = FOLDER.resolve("private.der");

  private static PrivateKey privateKey;

  private TestKeys() {}

  /** The file to give as {@code mp.jwt.verify.publickey.location}. */
  public static Path publicKeyFile() {
    makeOnce();
    return PUBLIC.toAbsolutePath();
  }

  static synchronized PrivateKey privateKey() {
    if (privateKey == null) {
      privateKey = readPrivateKey();
    }
    return privateKey;
  }

  private static PrivateKey readPrivateKey() {
    makeOnce();
    try {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(PRIVATE)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // In files: Quarkus may load this class several times.
  private static synchronized void makeOnce() {
    if (Files.exists(PUBLIC)) {
      return;
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var pair = generator.generateKeyPair();
      Files.createDirectories(FOLDER);
      Files.write(PRIVATE, pair.getPrivate().getEncoded());
      Path half = FOLDER.resolve("public.tmp");
      Files.writeString(half, pem(pair.getPublic()));
      Files.move(half, PUBLIC, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Key key) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
  }
}
