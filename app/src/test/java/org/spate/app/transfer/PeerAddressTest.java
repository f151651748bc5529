package org.spate.app.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers as people name them. */
class PeerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1:6881, 192.0.2.1, 6881",
    "[2001:db8::1]:1, 2001:db8::1, 1",
    "box:65535, box, 65535",
  })
  void a_host_and_a_port_are_a_peer(String text, String host, int port) {
    assertThat(PeerAddress.parse(text)).isEqualTo(new PeerAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a:",
        ":1",
        "a:0",
        "a:65536",
        "a:-1",
        "a:x",
        "::1:6881",
        "[::1]",
        "a:1:2"
      })
  void all_else_is_none(String text) {
    assertThatThrownBy(() -> PeerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "' is not a peer like 192.0.2.1:6881");
  }
}
