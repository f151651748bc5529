package org.spate.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

/** The bytes of RFC 1928, section 7. */
class SocksHeaderTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static SocksHeader of(String host, int port) {
    var literal = IpLiteral.parse(host);
    return literal == null
        ? SocksHeader.of(host, port)
        : SocksHeader.of(Endpoint.of(literal, port));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 6881, 00000001c00002011ae1",
    "2001:db8::1, 1, 0000000420010db80000000000000000000000010001",
    "a.bc, 65535, 0000000304612e6263ffff",
  })
  void header_of_each_kind(String host, int port, String expected) {
    var header = of(host, port);
    assertThat(header.encode()).isEqualTo(hex(expected)).hasSize(header.length());
    var datagram = hex(expected + "0102");
    assertThat(SocksHeader.parse(datagram, datagram.length)).isEqualTo(header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "00000001", // no address
        "00000001c00002011a", // cut within the port
        "00000101c00002011ae1", // a fragment
        "00000002c00002011ae1", // no such type
        "00000003", // a name without its length
        "0000000300ffff", // an empty name
        "0000000304612e62ff", // a name cut short
        "00000003016100", // a port cut short
        "000000030120ffff", // a space
        "0000000401010101ffff", // IPv6 of four bytes
        "0000000400000000000000000000ffffc00002011ae1", // IPv4 in the form of IPv6
      })
  void what_is_no_header_is_nothing(String text) {
    assertThat(SocksHeader.parse(hex(text), text.length() / 2)).isNull();
  }

  @Test
  void only_the_bytes_of_the_datagram_count() {
    var bytes = hex("00000001c00002011ae1");
    for (int length = 0; length < bytes.length; length++) {
      assertThat(SocksHeader.parse(bytes, length)).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "\u00e4"})
  void names_of_no_host_are_refused(String name) {
    assertThatThrownBy(() -> SocksHeader.of(name, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_longest_name_has_255_bytes() {
    assertThat(SocksHeader.of("a".repeat(255), 1).encode()).hasSize(SocksHeader.BYTES_MAX);
    assertThatThrownBy(() -> SocksHeader.of("a".repeat(256), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @FuzzTest(maxDuration = "1m")
  void datagrams(byte[] datagram) {
    var header = SocksHeader.parse(datagram, datagram.length);
    if (header != null) {
      var written = header.encode();
      assertThat(written).hasSize(header.length());
      var read = Arrays.copyOf(datagram, header.length());
      read[0] = 0; // reserved, and nobody's business
      read[1] = 0;
      assertThat(written).isEqualTo(read);
    }
  }
}
