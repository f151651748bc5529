package org.spate.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Against the table of the reference implementation: key 00..0f, message 00, 01, 02 .. 17. */
class SipHashTest {
  private static final long KEY0 = 0x0706050403020100L;
  private static final long KEY1 = 0x0f0e0d0c0b0a0908L;

  @Test
  void hashes_like_the_reference() {
    long word2 = 0x1716151413121110L;
    assertThat(SipHash.of(KEY0, KEY1, KEY0, KEY1, word2)).isEqualTo(0xb8ad50c6f649af94L);
  }
}
