package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SidTest {
  @Test
  void namesItsPod() {
    assertThat(Sid.pod(Sid.of("0123abcv"))).contains("0123abcv");
  }

  @Test
  void isNeverTheSameTwice() {
    assertThat(Sid.of("0123abcv")).isNotEqualTo(Sid.of("0123abcv"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0123abcv",
        "0123abcv.",
        "0123abcv.012345678901234567890",
        "0123abcv.01234567890123456789012",
        "0123abcw.0123456789012345678901",
        "0123abc.0123456789012345678901",
        "0123ab}v.0123456789012345678901",
        "0123abcv.012345678901234567890\n"
      })
  void ofAnotherFormNamesNone(String sid) {
    assertThat(Sid.pod(sid)).isEmpty();
  }
}
