package org.spate.engine.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.announce.TrackerUrl;

/** Nobody else's URL or redirect leads into our own network (threats 18, 40, 41). */
class WebPolicyTest {
  private static final WebPolicy STRANGERS = new WebPolicy(false, false, false);
  private static final WebPolicy USERS = new WebPolicy(true, false, false);

  private static @Nullable String refusal(WebPolicy policy, String address) {
    return policy.refusal(TrackerUrl.parse("http://server.test/x"), InetAddress.ofLiteral(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "::1",
        "fd00::1"
      })
  void local_addresses_are_for_what_the_user_has_named(String address) {
    assertThat(refusal(STRANGERS, address)).isNotNull();
    assertThat(refusal(USERS, address)).isNull();
    assertThat(refusal(new WebPolicy(false, true, false), address)).isNull();
    var outside = InetAddress.ofLiteral("198.51.100.1");
    assertThat(refusal(USERS.behind(outside), address))
        .isEqualTo("redirects into the local network");
    assertThat(refusal(USERS.behind(null), address)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1"})
  void what_is_no_host_s_is_for_nobody(String address) {
    assertThat(refusal(STRANGERS, address)).isNotNull();
    assertThat(refusal(USERS, address)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/, true",
    "http://a.localhost./, true",
    "http://router/, true",
    "http://printer.local/, true",
    "http://127.1/, true",
    "http://2130706433/, true",
    "http://0x7f000001/, true",
    "http://10.0.0.0x1/, true",
    "http://server.test/, false",
    "http://4.server.test/, false",
  })
  void names_that_a_proxy_would_find_in_its_own_network(String url, boolean isRefused) {
    var parsed = TrackerUrl.parse(url);
    assertThat(STRANGERS.refusalOfName(parsed) != null).isEqualTo(isRefused);
    assertThat(USERS.refusalOfName(parsed)).isNull();
    assertThat(USERS.behind(null).refusalOfName(parsed) != null).isEqualTo(isRefused);
  }
}
