package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Against the table of the reference implementation: key 00..0f, messages 00, 01, 02 ... */
class SipHashTest {
  private static final long KEY0 = 0x0706050403020100L;
  private static final long KEY1 = 0x0f0e0d0c0b0a0908L;

  @Test
  void hashes_like_the_reference() {
    assertThat(SipHash.of(KEY0, KEY1)).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(SipHash.of(KEY0, KEY1, KEY0)).isEqualTo(0x93f5f5799a932462L);
    assertThat(SipHash.of(KEY0, KEY1, KEY0, KEY1)).isEqualTo(0x3f2acc7f57c29bdbL);
  }
}
