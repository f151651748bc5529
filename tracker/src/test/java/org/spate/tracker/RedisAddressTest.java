package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.tracker.redis.RedisAddress;

/** How an operator names the store. */
class RedisAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://db.example                                  | db.example:6379
          redis://:pass%20word@db.example:7000/3              | db.example:7000
          rediss://user:pa@ss@10.0.0.1                        | 10.0.0.1:6379
          redis+cluster://a.example:7000,b.example            | a.example:7000, b.example:6379
          rediss+cluster://u:secret@a.example:1,[::1]:2       | a.example:1, [::1]:2
          """)
  void an_address_is_read_and_shown_without_its_password(String text, String shown) {
    assertThat(RedisAddress.parse(text)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db.example",
        "http://db.example",
        "cluster://db.example",
        "redis://",
        "redis://:secret@",
        "redis://:secret@a.example,b.example",
        "redis+cluster://:secret@a.example,",
        "redis://:secret@a.example:123456",
        "redis://:secret@a.example/x",
      })
  void what_is_no_address_is_refused_without_telling_the_password(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisAddress.parse(text))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"));
  }
}
