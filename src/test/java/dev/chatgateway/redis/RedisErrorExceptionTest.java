package dev.chatgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the errors of Redis. */
class RedisErrorExceptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "READONLY You can't write against a read only replica.",
        "ERR Error running script (call to f_0): @user_script:1: -READONLY You can't write"
      })
  void aReplicaIsKnownByWhatItRefuses(String message) {
    assertThat(RedisErrorException.isReadOnly(message)).isTrue();
    assertThat(new RedisErrorException(message).isTransient()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed when used memory > 'maxmemory'. script: 0, on @user_script:1.",
        "ERR Error running script (call to f_0): @user_script:9: -MISCONF Redis is configured to",
        "NOREPLICAS Not enough good replicas to write.",
        "CLUSTERDOWN The cluster is down",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "MOVED 3999 127.0.0.1:6381",
        "LOADING Redis is loading the dataset in memory"
      })
  void whatPassesMayBeTriedAgain(String message) {
    assertThat(new RedisErrorException(message).isTransient()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WRONGTYPE Operation against a key holding the wrong kind of value",
        "NOPERM this user has no permissions to run the 'rpush' command",
        "ERR Error compiling script"
      })
  void aDefectMayNot(String message) {
    assertThat(new RedisErrorException(message).isTransient()).isFalse();
    assertThat(RedisErrorException.isReadOnly(message)).isFalse();
  }

  @Test
  void whereACommandWasSentIsRead() {
    assertThat(new RedisErrorException("MOVED 3999 127.0.0.1:6381").redirect())
        .isEqualTo(new ServerAddress("127.0.0.1", 6381));
    assertThat(new RedisErrorException("ASK 3999 redis-2.example.com:6381").redirect())
        .isEqualTo(new ServerAddress("redis-2.example.com", 6381));
    assertThat(new RedisErrorException("MOVED 3999 ::1:6381").redirect())
        .isEqualTo(new ServerAddress("::1", 6381));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MOVED 3999 :6381", "MOVED 3999", "CLUSTERDOWN x 127.0.0.1:1", ""})
  void whatNamesNoServerIsNoRedirection(String message) {
    assertThat(new RedisErrorException(message).redirect()).isNull();
  }
}
