package org.spate.core.bencode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are a value that keeps them, or a refusal; what is strict is written back the same. */
class BencodeFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void values(byte[] data) {
    try {
      var value = BencodeReader.parse(data, BencodeLimits.STRICT);
      var writer = new BencodeWriter();
      BencodeTest.rewrite(writer, value);
      assertThat(writer.toBytes()).isEqualTo(data);
    } catch (BencodeException e) {
      assertThat(e.position()).isBetween(0, data.length);
    }
    try {
      assertThat(BencodeReader.parse(data, BencodeLimits.MESSAGE).raw()).isEqualTo(data);
    } catch (BencodeException e) {
      assertThat(e.position()).isBetween(0, data.length);
    }
  }
}
