package org.spate.core.dht;

import org.spate.core.Endpoint;

/** What kind of network an address belongs to. */
final class Reach {
  private Reach() {}

  /**
   * Loopback, link-local and private networks: BEP 42 exempts them, and several nodes there may
   * share an address.
   */
  static boolean isLocal(Endpoint endpoint) {
    if (!endpoint.isV4()) {
      int first = (int) (endpoint.high() >>> 48);
      return endpoint.isLoopback() || (first & 0xFE00) == 0xFC00 || (first & 0xFFC0) == 0xFE80;
    }
    int address = endpoint.v4Address();
    int first = address >>> 24;
    return first == 10
        || first == 127
        || address >>> 20 == 0xAC1 // 172.16.0.0/12
        || address >>> 16 == 0xC0A8
        || address >>> 16 == 0xA9FE;
  }

  /** Whether there can be a host at all: no multicast, no unspecified address, no port 0. */
  private static boolean isUnicast(Endpoint endpoint) {
    if (endpoint.port() == 0) {
      return false;
    }
    if (endpoint.isV4()) {
      int first = endpoint.v4Address() >>> 24;
      return first != 0 && first < 224;
    }
    return endpoint.high() >>> 56 != 0xFF && (endpoint.high() != 0 || endpoint.low() == 1);
  }

  /**
   * Whether to believe a node that names an address: a stranger on the Internet has no business
   * naming hosts of our local network, which we would then send datagrams to.
   */
  static boolean mayName(Endpoint speaker, Endpoint named) {
    return isUnicast(named) && (isLocal(speaker) || !isLocal(named));
  }

  /** The address without its port. */
  static Endpoint host(Endpoint endpoint) {
    return endpoint.port() == 0 ? endpoint : endpoint.withPort(0);
  }

  /** The network that one owner has at least: /24 of IPv4, /64 of IPv6. */
  static Endpoint network(Endpoint endpoint) {
    return endpoint.isV4()
        ? Endpoint.v4(endpoint.v4Address() & 0xFFFFFF00, 0)
        : new Endpoint(endpoint.high(), 0, 0);
  }
}
