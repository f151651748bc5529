package org.spate.engine.portmap;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.spate.core.Endpoint;

/** Default routes, as Linux writes its tables of routes down. */
final class RouteTables {
  private static final int UP = 0x1;
  private static final int VIA_GATEWAY = 0x2;

  private RouteTables() {}

  /**
   * A default route.
   *
   * @param router its next hop; the port is of no meaning
   * @param metric less is better
   */
  record DefaultRoute(Endpoint router, String device, long metric) {}

  /** Of {@code /proc/net/route}: addresses are numbers in the order of the machine, in hex. */
  static List<DefaultRoute> v4(List<String> lines) {
    var routes = new ArrayList<DefaultRoute>();
    for (var line : lines) {
      var fields = line.strip().split("\\s+", -1);
      if (fields.length < 8 || !fields[1].matches("0{8}") || !fields[7].matches("0{8}")) {
        continue;
      }
      int flags = number(fields[3]);
      if ((flags & (UP | VIA_GATEWAY)) == (UP | VIA_GATEWAY)
          && fields[2].matches("\\p{XDigit}{8}")) {
        int router = Integer.reverseBytes(Integer.parseUnsignedInt(fields[2], 16));
        long metric = fields[6].matches("[0-9]{1,10}") ? Long.parseLong(fields[6]) : 0;
        routes.add(new DefaultRoute(Endpoint.v4(router, 0), fields[0], metric));
      }
    }
    return routes;
  }

  /** Of {@code /proc/net/ipv6_route}. */
  static List<DefaultRoute> v6(List<String> lines) {
    var routes = new ArrayList<DefaultRoute>();
    for (var line : lines) {
      var fields = line.strip().split("\\s+", -1);
      boolean isDefault =
          fields.length >= 10
              && fields[0].matches("0{32}")
              && fields[1].equals("00")
              && fields[4].matches("\\p{XDigit}{32}")
              && !fields[4].matches("0{32}");
      if (isDefault && (number(fields[8]) & VIA_GATEWAY) != 0) {
        var router = Endpoint.of(HexFormat.of().parseHex(fields[4]), 0);
        routes.add(new DefaultRoute(router, fields[9], Integer.toUnsignedLong(number(fields[5]))));
      }
    }
    return routes;
  }

  private static int number(String hex) {
    return hex.matches("\\p{XDigit}{1,8}") ? Integer.parseUnsignedInt(hex, 16) : 0;
  }
}
