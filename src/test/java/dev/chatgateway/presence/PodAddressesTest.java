package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.redis.ExpiringValues;
import dev.chatgateway.redis.RedisUnavailableException;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodAddressesTest {
  private static final PeerAddress ADDRESS = PeerAddress.plain("192.0.2.7", 8080);

  private TwoPods two;

  @AfterEach
  void stop() {
    two.close();
  }

  private Optional<PeerAddress> found(TestPods.TestPod by, String pod) {
    return TwoPods.call(by, link -> by.pod().addresses().find(by.pod().loops().main(), pod));
  }

  private boolean isFound(PeerAddress address) {
    return found(two.b, two.a.pod().id())
        .filter(it -> it.toString().equals(address.toString()))
        .isPresent();
  }

  private void write(String key, String value) {
    TwoPods.call(two.a, link -> ExpiringValues.put(link, key, value, Duration.ofMinutes(1)));
  }

  @Test
  void aPodFindsWhatAnotherAnnounces() {
    two = new TwoPods("chat.peers.secret", "sixteen or more characters");

    two.a.pod().addresses().announce(ADDRESS);

    await().until(() -> isFound(ADDRESS));
    assertThat(found(two.b, "0123abcv")).isEmpty();
  }

  @Test
  void anIPv6AddressComesBackWhole() {
    two = new TwoPods();
    PeerAddress address = PeerAddress.parse("[2001:db8::7]:8080").orElseThrow();

    two.a.pod().addresses().announce(address);

    await().until(() -> isFound(address));
  }

  @Test
  void anAddressIsForgottenWithItsPod() {
    two = new TwoPods("chat.presence.lease", "600ms", "chat.presence.heartbeat", "100ms");
    two.a.pod().addresses().announce(ADDRESS);
    await().until(() -> found(two.b, two.a.pod().id()).isPresent());

    two.a.pod().addresses().close();

    await().until(() -> found(two.b, two.a.pod().id()).isEmpty());
    assertThat(two.b.pod().addresses().foundBefore(two.a.pod().id())).isPresent();
    two.b.pod().addresses().forget(two.a.pod().id());
    assertThat(two.b.pod().addresses().foundBefore(two.a.pod().id())).isEmpty();
  }

  @Test
  void whileRedisIsAwayNothingIsFoundButWhatWasFoundBeforeIsKnown() {
    two = new TwoPods("chat.presence.lease", "900ms", "chat.presence.heartbeat", "100ms");
    two.a.pod().addresses().announce(ADDRESS);
    await().until(() -> isFound(ADDRESS));
    PodAddresses ofB = two.b.pod().addresses();
    assertThat(ofB.mayBeMissing()).isFalse();

    TestRedis.pause();
    try {
      assertThatThrownBy(() -> isFound(ADDRESS))
          .hasRootCauseInstanceOf(RedisUnavailableException.class);
      assertThat(ofB.foundBefore(two.a.pod().id())).hasToString("Optional[" + ADDRESS + "]");
      assertThat(ofB.foundBefore("0123abcv")).isEmpty();
      assertThat(ofB.mayBeMissing()).isTrue();
    } finally {
      TestRedis.resume();
    }
    await().until(() -> isFound(ADDRESS) && !ofB.mayBeMissing());
  }

  @Test
  void anAddressThatSomebodyElseWroteIsNotUsed() {
    two = new TwoPods("chat.peers.secret", "sixteen or more characters");
    String key = two.pods.keyPrefix() + "{p:0123abcv}:address";

    write(key, "192.0.2.7:8080");
    assertThat(found(two.a, "0123abcv")).isEmpty();
    write(key, "192.0.2.7:8080 " + "0".repeat(64));
    assertThat(found(two.a, "0123abcv")).isEmpty();
  }

  @Test
  void anAddressCountsForItsIncarnationOnly() {
    two = new TwoPods("chat.peers.secret", "sixteen or more characters");
    PodAddresses own = two.a.pod().addresses();
    PodAddresses others = two.b.pod().addresses();
    assertThat(own.ofIncarnation("0123abcv")).isEmpty();
    own.announce(ADDRESS);

    String signed = own.ofIncarnation("0123abcv");

    assertThat(others.ofIncarnation("0123abcv", signed)).map(PeerAddress::port).contains(8080);
    assertThat(others.ofIncarnation("0123abcd", signed)).isEmpty();
    assertThat(others.ofIncarnation("0123abcv", ADDRESS.toString())).isEmpty();
    assertThat(others.ofIncarnation("0123abcv", "")).isEmpty();
  }

  @Test
  void aSignedAddressIsNotUsedOnceItsTimeIsOver() {
    two = new TwoPods(
        "chat.peers.secret", "sixteen or more characters", "chat.presence.lease", "10s");
    PeerSecret secret = new PeerSecret(two.a.config(PeersConfig.class));
    String key = two.pods.keyPrefix() + "{p:0123abcv}:address";
    for (long ageMs : new long[] {0, 9_000, 20_000, 3_600_000, -3_600_000}) {
      String told = ADDRESS + " " + (two.a.pod().nowMs() - ageMs);
      write(key, told + " " + secret.sign("address", "0123abcv", told));

      assertThat(found(two.b, "0123abcv").isPresent())
          .as("after " + ageMs)
          .isEqualTo(ageMs == 0 || ageMs == 9_000);
    }
  }

  @Test
  void neitherTimeNorNameOfASignedAddressCanBeChanged() {
    two = new TwoPods("chat.peers.secret", "sixteen or more characters");
    two.a.pod().addresses().announce(ADDRESS.withTls("chat.example.com"));
    await().until(() -> isFound(ADDRESS.withTls("chat.example.com")));
    String signed = TestRedis.ask(
        redis -> redis.get(two.pods.keyPrefix() + "{p:" + two.a.pod().id() + "}:address"));
    two.a.pod().addresses().close();
    String[] words = signed.split(" ");

    for (int changed = 0; changed < 4; changed++) {
      String[] others = words.clone();
      others[changed] = new String[] {
            "192.0.2.8:8080", "-", Long.toString(two.a.pod().nowMs() + 1), "0".repeat(64)
          }
          [changed];
      write(
          two.pods.keyPrefix() + "{p:" + two.a.pod().id() + "}:address", String.join(" ", others));
      assertThat(found(two.b, two.a.pod().id())).as("word " + changed).isEmpty();
    }
    write(two.pods.keyPrefix() + "{p:0123abcv}:address", signed);
    assertThat(found(two.b, "0123abcv")).as("another pod's").isEmpty();
  }
}
