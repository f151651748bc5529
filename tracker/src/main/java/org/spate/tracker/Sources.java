package org.spate.tracker;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.spate.core.Endpoint;

/** Where a request came from, as a value. */
final class Sources {
  private Sources() {}

  static Endpoint of(SocketAddress address) {
    var source = (InetSocketAddress) address;
    return Endpoint.of(source.getAddress().getAddress(), source.getPort());
  }
}
