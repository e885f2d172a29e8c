package dev.chatgateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  @Test
  void theLineThenThePayload() {
    Envelope envelope = parse("1 m e1 7 3 id-7 1700 ana\n{\"text\":\"é\n\"}");

    assertThat(envelope.isMessage()).isTrue();
    assertThat(envelope.epoch()).isEqualTo("e1");
    assertThat(envelope.seq()).isEqualTo(7);
    assertThat(envelope.rev()).isEqualTo(3);
    assertThat(envelope.arg(0)).isEqualTo("id-7");
    assertThat(envelope.longArg(1)).isEqualTo(1700);
    assertThat(envelope.arg(2)).isEqualTo("ana");
    assertThat(envelope.payloadText()).isEqualTo("{\"text\":\"é\n\"}");
    assertThatThrownBy(() -> envelope.arg(3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> envelope.longArg(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void furtherWordsAndThePayloadMayBeMissing() {
    Envelope envelope = parse("1 k e 0 1");
    assertThat(envelope.args()).isEmpty();
    assertThat(envelope.payload()).isEmpty();
    assertThat(parse("1 k e 0 1\n").payload()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        " ",
        "1",
        "1 m",
        "1 m e 1",
        "0 m e 1 1",
        "2 m e 1 1",
        "01 m e 1 1",
        " 1 m e 1 1",
        "1  e 1 1",
        "1 mm e 1 1",
        "1 m e -1 1",
        "1 m e 1 -1",
        "1 m e x 1",
        "1 m e 1 ",
        "1 m e 1.5 1",
        "1 m e 99999999999999999999 1",
        "1\tm\te\t1\t1"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void headAndSizeHaveBounds() {
    assertThatThrownBy(() -> parse("1 m e 1 1 " + "x".repeat(1024)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> parse("1 m e 1 1\n" + "x".repeat(256 * 1024)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(parse("1 m e 1 1\n" + "x".repeat(200 * 1024)).payload()).hasSize(200 * 1024);
  }

  @Test
  void noiseIsNeverMoreThanRefused() {
    Random random = new Random(11);
    for (int i = 0; i < 5000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      byte[] head = "1 m e 1 1 ".getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(head, 0, noise, 0, Math.min(random.nextInt(11), noise.length));
      try {
        Envelope.parse(noise);
      } catch (IllegalArgumentException expected) {
        assertThat(expected).isNotNull();
      }
    }
  }

  private static Envelope parse(String text) {
    return Envelope.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
