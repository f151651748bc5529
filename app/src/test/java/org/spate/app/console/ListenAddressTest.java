package org.spate.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where to listen, as people write it. */
class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:6969, 127.0.0.1, 6969",
    "localhost:1, 127.0.0.1, 1",
    "[::1]:65535, 0:0:0:0:0:0:0:1, 65535",
    "0.0.0.0:0, 0.0.0.0, 0",
  })
  void an_address_and_a_port_are_read(String text, String host, int port) {
    var address = ListenAddress.parse(text).address();
    assertThat(address.getAddress().getHostAddress()).isEqualTo(host);
    assertThat(address.getPort()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "6969", "65535"})
  void a_port_alone_is_every_address(String text) {
    var address = ListenAddress.parse(text).address();
    assertThat(address.getAddress().isAnyLocalAddress()).isTrue();
    assertThat(address.getPort()).isEqualTo(Integer.parseInt(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "65536",
        "-1",
        "x",
        ":6969",
        "::1:6969",
        "[::1]",
        "example.org:80",
        "1.2.3.4.5:6",
        "127.0.0.1:",
        "[]:1",
        "[127.0.0.1:80"
      })
  void what_is_no_address_is_refused_and_named(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a port or address");
  }
}
