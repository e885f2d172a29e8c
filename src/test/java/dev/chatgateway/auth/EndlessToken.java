package dev.chatgateway.auth;

import io.smallrye.jwt.util.KeyUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import org.eclipse.microprofile.config.ConfigProvider;

/** A well-signed token without an {@code exp}, which the JWT builder can't be brought to make. */
final class EndlessToken {
  private EndlessToken() {}

  static String of(String user) throws GeneralSecurityException {
    var config = ConfigProvider.getConfig();
    String issuer =
        config.getOptionalValue("mp.jwt.verify.issuer", String.class).orElse("nobody");
    String signed = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + encode(("{\"sub\":\"" + user + "\",\"iat\":1700000000,\"iss\":\"" + issuer + "\"}")
            .getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(
        KeyUtils.decodePrivateKey(config.getValue("smallrye.jwt.sign.key", String.class)));
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + encode(signature.sign());
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
