package org.spate.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyUrlTest {
  @ParameterizedTest
  @CsvSource({
    "socks5://localhost:1080, SOCKS5, localhost, 1080, ,",
    "SOCKS5H://a:b@192.0.2.1:9/, SOCKS5, 192.0.2.1, 9, a, b",
    "socks5://a:p@ss:w@h:1, SOCKS5, h, 1, a, p@ss:w",
    "socks5://a%40b:%31%zz%@h:1, SOCKS5, h, 1, a@b, 1%zz%",
    "http://user@[2001:db8::1]:3128, HTTP, 2001:db8::1, 3128, user,",
  })
  void url(String text, ProxyUrl.Kind kind, String host, int port, String user, String password) {
    assertThat(ProxyUrl.parse(text)).isEqualTo(new ProxyUrl(kind, host, port, user, password));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:1080",
        "socks4://h:1",
        "socks5://h",
        "socks5://:1",
        "socks5://h:0",
        "socks5://h:65536",
        "socks5://2001:db8::1:1080",
        "http://h:x",
      })
  void what_is_none_is_refused(String text) {
    assertThatThrownBy(() -> ProxyUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neither_text_nor_error_tells_the_password() {
    assertThat(ProxyUrl.parse("socks5://a:secret@h:1")).asString().doesNotContain("secret");
    assertThatThrownBy(() -> ProxyUrl.parse("socks5://a:secret@h:99999"))
        .hasMessageNotContaining("secret");
  }
}
