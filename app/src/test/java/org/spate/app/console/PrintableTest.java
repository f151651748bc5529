package org.spate.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threat 4: no text of a stranger steers a terminal or forges a line. */
class PrintableTest {

  @ParameterizedTest
  @CsvSource({
    "27, \\u001b",
    "10, \\n",
    "13, \\r",
    "9, \\t",
    "0, \\u0000",
    "7, \\u0007",
    "127, \\u007f",
    "155, \\u009b",
    "8238, \\u202e",
    "8203, \\u200b",
    "8232, \\u2028",
    "65279, \\ufeff",
    "55296, \\ud800",
  })
  void what_steers_is_escaped(int codePoint, String escape) {
    String text = "a" + Character.toString(codePoint) + "b";
    assertThat(Printable.of(text)).isEqualTo("a" + escape + "b");
  }

  @Test
  void everything_else_stays_as_it_is() {
    String text = "Füße, 文件, \uD83D\uDE00, Icon, 100 % \\n";
    assertThat(Printable.of(text)).isSameAs(text);
  }
}
