package org.spate.core.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

class IpFilterTest {

  private static IpFilter read(String list) {
    return IpFilterReader.read(list.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Endpoint at(String address) {
    return Endpoint.of(Objects.requireNonNull(IpLiteral.parse(address)), 6881);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bad guys:192.0.2.10-192.0.2.20 | 192.0.2.10 | 192.0.2.20 | 192.0.2.9 | 192.0.2.21",
        "A: b - c: d:192.0.2.10-192.0.2.20 | 192.0.2.10 | 192.0.2.20 | 192.0.2.9 | 192.0.2.21",
        ":192.0.2.10-192.0.2.20 | 192.0.2.10 | 192.0.2.20 | 192.0.2.9 | 192.0.2.21",
        "1999:2000:192.0.2.10 - 192.0.2.20 | 192.0.2.10 | 192.0.2.20 | 192.0.2.9 | 192.0.2.21",
        "v6:2001:db8::1-2001:db8::ff | 2001:db8::1 | 2001:db8::ff | 2001:db8:: | 2001:db8::100",
        "192.000.002.010 - 192.000.002.020 , 000 , x | 192.0.2.10 | 192.0.2.20 | 192.0.2.9 | 192.0.2.21",
        "010.000.000.008 - 010.000.000.009 , 127 , a, b - c | 10.0.0.8 | 10.0.0.9 | 10.0.0.7 | 10.0.0.10",
        "192.0.2.10-192.0.2.20 | 192.0.2.10 | 192.0.2.20 | 192.0.2.9 | 192.0.2.21",
        "192.0.2.10 - 192.0.2.20 | 192.0.2.10 | 192.0.2.20 | 192.0.2.9 | 192.0.2.21",
        "10.1.0.0/16 | 10.1.0.0 | 10.1.255.255 | 10.0.255.255 | 10.2.0.0",
        "10.1.2.3/16 # host bits | 10.1.0.0 | 10.1.255.255 | 10.0.255.255 | 10.2.0.0",
        "192.0.2.1 | 192.0.2.1 | 192.0.2.1 | 192.0.2.0 | 192.0.2.2",
        "128.0.0.0/1 | 128.0.0.0 | 255.255.255.255 | 127.255.255.255 | 0.0.0.0",
        "2001:db8::/32 | 2001:db8:: | 2001:db8:ffff::1 | 2001:db7:ffff::1 | 2001:db9::",
        "8000::/1 | 8000:: | ffff::1 | 7fff:: | ::1",
      })
  void line(String line, String first, String last, String before, String behind) {
    var filter = read(line);
    assertThat(filter.malformedLineCount()).isZero();
    assertThat(filter.size()).isEqualTo(1);
    assertThat(filter.blocks(at(first))).isTrue();
    assertThat(filter.blocks(at(last))).isTrue();
    assertThat(filter.blocks(at(before))).isFalse();
    assertThat(filter.blocks(at(behind))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upside down:192.0.2.20-192.0.2.10",
        "two families:192.0.2.1-2001:db8::1",
        "no address at all",
        "name:300.0.0.1-300.0.0.2",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "10.0.0",
        "1.2.3.4 - 1.2.3.5 , high , text",
        "example.org",
      })
  void malformed_line_is_counted_and_blocks_nothing(String line) {
    var filter = read(line + "\n192.0.2.200\n");
    assertThat(filter.malformedLineCount()).isEqualTo(1);
    assertThat(filter.size()).isEqualTo(1);
  }

  @Test
  void range_of_level_128_and_up_is_let_in() {
    var filter = read("1.0.0.0 - 1.0.0.9 , 128 , good\n2.0.0.0 - 2.0.0.9 , 127 , bad\n");
    assertThat(filter.size()).isEqualTo(1);
    assertThat(filter.blocks(at("1.0.0.5"))).isFalse();
    assertThat(filter.blocks(at("2.0.0.5"))).isTrue();
  }

  @Test
  void comments_blank_lines_marks_and_line_ends_of_all_systems_say_nothing() {
    var list = "\u00EF\u00BB\u00BF# P2P\r\n\r\n// x\n; y\r\nCaf\u00E9:1.0.0.1-1.0.0.2\r2.0.0.1";
    var filter = read(list);
    assertThat(filter.malformedLineCount()).isZero();
    assertThat(filter.size()).isEqualTo(2);
  }

  @Test
  void ranges_that_overlap_or_touch_are_one() {
    var filter =
        read(
            "1.0.0.0/24\na:1.0.0.128-1.0.1.5\nb:1.0.1.6-1.0.1.9\n1.0.0.7\n2001:db8::/32\n2001:db8:1::/48");
    assertThat(filter.size()).isEqualTo(2);
    assertThat(filter.blocks(at("1.0.1.9"))).isTrue();
    assertThat(filter.blocks(at("1.0.1.10"))).isFalse();
  }

  @Test
  void whatever_the_ranges_the_answer_is_that_of_asking_each() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      var list = new StringBuilder();
      int count = random.nextInt(60);
      var starts = new int[count];
      var ends = new int[count];
      for (int i = 0; i < count; i++) {
        starts[i] = random.nextInt(256);
        ends[i] = starts[i] + random.nextInt(256 - starts[i]);
        list.append("x:%d.0.0.0-%d.0.0.0%n".formatted(starts[i], ends[i]));
      }
      var filter = read(list.toString());
      for (int a = 0; a < 256; a++) {
        boolean blocked = false;
        for (int i = 0; i < count; i++) {
          blocked |= starts[i] <= a && a <= ends[i];
        }
        assertThat(filter.blocks(at(a + ".0.0.0"))).as("seed %d, %d", seed, a).isEqualTo(blocked);
      }
    }
  }

  @FuzzTest(maxDuration = "1m")
  void any_bytes_are_a_list(byte[] list) {
    var filter = IpFilterReader.read(list);
    assertThat(filter.size()).isLessThanOrEqualTo(list.length);
    filter.blocks(at("192.0.2.1"));
    filter.blocks(at("2001:db8::1"));
  }
}
