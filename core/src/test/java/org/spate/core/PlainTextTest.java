package org.spate.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void whatSteersATerminalOrTurnsTextRoundIsTakenOut() {
    assertThat(PlainText.clean("\u001b[31mred\u0007", 100)).isEqualTo("\uFFFD[31mred\uFFFD");
    assertThat(PlainText.clean("a\r\nb\tc", 100)).isEqualTo("a  b c");
    assertThat(PlainText.clean("gnp\u202Efdp.exe\u2066\u200B\uFEFF", 100)).isEqualTo("gnpfdp.exe");
    assertThat(PlainText.clean("a\u2028b\u0085c", 100)).isEqualTo("a\uFFFDb\uFFFDc");
  }

  @Test
  void malformedBytesAreSeenAsSuch() {
    assertThat(PlainText.clean(new byte[] {'a', (byte) 0xFF, 'b'}, 100)).isEqualTo("a\uFFFDb");
  }

  @Test
  void theLengthIsBoundedAndNoCharacterIsCut() {
    assertThat(PlainText.clean("x".repeat(50), 10)).hasSize(10);
    assertThat(PlainText.clean("abc\uD83D\uDE00", 4)).isEqualTo("abc");
    assertThat(PlainText.clean("別の世界 \uD83D\uDE00", 100)).isEqualTo("別の世界 \uD83D\uDE00");
  }
}
