package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Those who come only to be refused, in great numbers, cost no line in the log and hold nothing. */
class HandshakeFloodIT {
  private static final int CROWD = Volume.of(200, 20_000);
  private static final String AUTHENTICATE =
      "{\"event\":\"chat_authenticate\",\"ref\":\"r\",\"data\":{\"token\":\"%s\"}}";

  private static AbusedPod pod;

  @BeforeAll
  static void start() {
    pod = AbusedPod.start("chat.limits.authentication-timeout", "2s");
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  @Test
  void whoConnectsAndLeavesLeavesNothing() {
    pod.whileOthersTalk("connects", () -> {
      for (int i = 0; i < CROWD; i++) {
        RawSocket raw = RawSocket.connect(pod.chat());
        if (i % 2 == 0) {
          raw.close();
        } else {
          raw.reset();
        }
      }
    });
  }

  @Test
  void upgradesThatBringNothingOrComeFromElsewhere() {
    pod.whileOthersTalk("upgrades", () -> {
      for (int i = 0; i < CROWD; i++) {
        URI door = i % 2 == 0 ? pod.chat() : pod.socketIo();
        if (i % 4 < 2) {
          assertThat(RawSocket.status(door, "Origin: https://evil.example")).isEqualTo(403);
        } else {
          RawSocket raw = RawSocket.open(door);
          raw.reset();
        }
      }
    });
  }

  @Test
  void whoNeverBringsATokenIsClosed() {
    pod.whileOthersTalk("no tokens", () -> {
      List<RawSocket> crowd = new ArrayList<>();
      try {
        for (int i = 0; i < CROWD / 4; i++) {
          crowd.add(RawSocket.open(pod.chat()));
        }
        for (RawSocket raw : crowd) {
          assertThat(raw.readCloseCode()).isEqualTo(4401);
        }
      } finally {
        crowd.forEach(RawSocket::reset);
      }
    });
  }

  @Test
  void badTokensAreRefusedAndThenTheConnectionIs() {
    List<String> bad = badTokens();
    pod.whileOthersTalk("bad tokens", () -> {
      for (int i = 0; i < CROWD / 4; i++) {
        String token = bad.get(i % bad.size());
        if (i % 2 == 0) {
          try (RawSocket raw = RawSocket.open(pod.chat(), "Authorization: Bearer " + token)) {
            assertThat(raw.readCloseCode()).isEqualTo(4401);
          }
        } else {
          againAndAgain(token);
        }
      }
    });
  }

  private static void againAndAgain(String token) {
    try (RawSocket raw = RawSocket.open(pod.chat())) {
      raw.patience(Duration.ofSeconds(20));
      byte[] frame = RawSocket.text(AUTHENTICATE.formatted(token));
      for (int tries = 0; tries < 10; tries++) {
        raw.write(frame);
        assertThat(raw.readText("\"ref\":\"r\"")).contains("invalid_token");
      }
      raw.reset();
    }
  }

  private static List<String> badTokens() {
    String good = Tokens.user("ana").sign();
    String[] parts = good.split("\\.");
    return List.of(
        "x",
        "a.b.c",
        "eyJhbGciOiJub25lIn0." + parts[1] + ".",
        parts[0] + "." + parts[1] + "." + parts[2].substring(1) + "A",
        parts[0] + "." + parts[1] + ".",
        Tokens.user("ana").expiresIn(Duration.ofHours(-1)).sign(),
        Tokens.user("ana").sign(strangersKey()),
        Tokens.withoutSubject().sign(),
        "e".repeat(6_000));
  }

  private static PrivateKey strangersKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair().getPrivate();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
