package org.spate.engine.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.engine.portmap.RouteTables.DefaultRoute;

/** The tables of Linux, as it writes them. */
class RouteTablesTest {
  private static final String HEADER =
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";

  @Test
  void theDefaultRouteOfIpv4IsFound() {
    var lines =
        List.of(
            HEADER,
            "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
            "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0");

    assertThat(RouteTables.v4(lines))
        .containsExactly(new DefaultRoute(Endpoint.v4(0xC0A80101, 0), "eth0", 100));
  }

  @Test
  void theDefaultRouteOfIpv6IsFound() {
    var zeros = "0".repeat(32);
    var lines =
        List.of(
            zeros
                + " 00 "
                + zeros
                + " 00 fe800000000000000000000000000001 00000400 00000002"
                + " 00000000 00000003     eth0",
            "fe80000000000000"
                + "0".repeat(16)
                + " 40 "
                + zeros
                + " 00 "
                + zeros
                + " 00000100 00000001 00000000 00000001     eth0",
            zeros + " 00 " + zeros + " 00 " + zeros + " ffffffff 00000001 00000000 00200200 lo");

    assertThat(RouteTables.v6(lines))
        .containsExactly(new DefaultRoute(new Endpoint(0xFE80L << 48, 1, 0), "eth0", 0x400));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "eth0",
        "eth0 00000000 0101A8C0 0001 0 0 0 00000000",
        "eth0 00000000 0101A8C0 0002 0 0 0 00000000",
        "eth0 00000000 0101A8 0003 0 0 0 00000000",
        "eth0 00000000 0101A8C0 0003 0 0 0 00FFFFFF",
        "eth0 00000000 X101A8C0 0003 0 0 0 00000000"
      })
  void whatIsNoDefaultRouteIsLeftOut(String line) {
    assertThat(RouteTables.v4(List.of(line))).isEmpty();
    assertThat(RouteTables.v6(List.of(line))).isEmpty();
  }
}
