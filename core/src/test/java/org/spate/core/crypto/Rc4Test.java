package org.spate.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rc4Test {

  /** Key streams of RFC 6229 from offset 1024 on, where MSE begins. */
  @ParameterizedTest
  @CsvSource({
    "0102030405, 30abbcc7c20b01609f23ee2d5f6bb7df",
    "01020304050607, 8ecb67a9ba1f55a5a067e2b026a3676f",
  })
  void the_stream_is_that_of_rfc_6229_without_its_first_1024_bytes(String key, String expected) {
    var zeros = new byte[16];
    new Rc4(HexFormat.of().parseHex(key)).apply(zeros, 0, zeros.length);
    assertThat(HexFormat.of().formatHex(zeros)).isEqualTo(expected);
  }

  @Test
  void however_the_bytes_are_cut_the_stream_is_the_same() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      var key = new byte[20];
      random.nextBytes(key);
      var data = new byte[random.nextInt(3000)];
      random.nextBytes(data);
      var whole = data.clone();
      new Rc4(key).apply(whole, 0, whole.length);

      var direct = ByteBuffer.allocateDirect(data.length).order(ByteOrder.LITTLE_ENDIAN);
      direct.put(0, data);
      var cipher = new Rc4(key);
      for (int at = 0; at < data.length; ) {
        int count = Math.min(1 + random.nextInt(40), data.length - at);
        cipher.apply(direct, at, count);
        at += count;
      }

      var cut = new byte[data.length];
      direct.get(0, cut);
      assertThat(cut).as("seed %d", seed).isEqualTo(whole);
    }
  }

  @Test
  void bytes_beside_the_range_stay_as_they_are() {
    var bytes = new byte[64];
    Arrays.fill(bytes, (byte) 7);
    new Rc4(new byte[] {1, 2, 3}).apply(bytes, 5, 21);
    assertThat(Arrays.copyOf(bytes, 5)).containsOnly(7);
    assertThat(Arrays.copyOfRange(bytes, 26, 64)).containsOnly(7);
  }
}
