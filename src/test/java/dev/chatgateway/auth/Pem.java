package dev.chatgateway.auth;

import java.util.Base64;

/** Keys as PEM. */
final class Pem {
  private Pem() {}

  static String of(TestIssuer.Key key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(key.pair().getPublicKey().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }
}
