package org.spate.core.webseed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads of responses, and what they mean for ten bytes asked for. */
class WebAnswerTest {
  private static final WebRange FIRST = new WebRange("/f", 0, 10);
  private static final WebRange LATER = new WebRange("/f", 5, 10);
  private static final WebRange BY_QUERY = new WebRange("/f?piece=1", -1, 10);
  private static final WebAnswer BYTES = new WebAnswer.Bytes();
  private static final WebAnswer OTHER = new WebAnswer.Never("sends another range");
  private static final WebAnswer NO_RANGES = new WebAnswer.Never("does not serve ranges");

  static Stream<Arguments> heads() {
    return Stream.of(
        Arguments.of(FIRST, 200, 10, null, BYTES),
        Arguments.of(FIRST, 200, 11, null, NO_RANGES),
        Arguments.of(LATER, 200, 10, null, NO_RANGES),
        Arguments.of(BY_QUERY, 200, 10, null, BYTES),
        Arguments.of(BY_QUERY, 200, 9, null, NO_RANGES),
        Arguments.of(LATER, 206, 10, "bytes 5-14/100", BYTES),
        Arguments.of(LATER, 206, -1, "bytes 5-14/*", BYTES),
        Arguments.of(LATER, 206, 11, "bytes 5-14/100", OTHER),
        Arguments.of(LATER, 206, 10, "bytes 4-13/100", OTHER),
        Arguments.of(LATER, 206, 10, "bytes 5-15/100", OTHER),
        Arguments.of(LATER, 206, 10, "bytes 5-99999999999999999999/1", OTHER),
        Arguments.of(LATER, 206, 10, null, OTHER),
        Arguments.of(FIRST, 404, 0, null, new WebAnswer.Never("status 404")),
        Arguments.of(FIRST, 302, 0, null, new WebAnswer.Never("redirects to nowhere")),
        Arguments.of(FIRST, 503, 0, null, new WebAnswer.Later("status 503", -1)));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void head(
      WebRange range, int status, long length, @Nullable String contentRange, WebAnswer meaning) {
    assertThat(WebAnswer.of(range, status, length, contentRange, null, null)).isEqualTo(meaning);
  }

  static Stream<Arguments> waits() {
    return Stream.of(
        Arguments.of("0", 0),
        Arguments.of(" 120 ", 120),
        Arguments.of("86400", 3_600),
        Arguments.of("99999999999999999999", 3_600),
        Arguments.of("-5", -1),
        Arguments.of("Wed, 21 Oct 2015 07:28:00 GMT", -1));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void retry_after(String text, int seconds) {
    assertThat(WebAnswer.of(FIRST, 503, 0, null, null, text))
        .isEqualTo(new WebAnswer.Later("status 503", seconds));
  }

  @FuzzTest(maxDuration = "1m")
  void any_head_has_a_meaning(FuzzedDataProvider data) {
    var answer =
        WebAnswer.of(
            LATER,
            data.consumeInt(),
            data.consumeLong(),
            data.consumeString(60),
            data.consumeString(60),
            data.consumeRemainingAsString());
    if (answer instanceof WebAnswer.Later(_, int seconds)) {
      assertThat(seconds).isBetween(-1, WebAnswer.RETRY_SECONDS_MAX);
    }
  }
}
