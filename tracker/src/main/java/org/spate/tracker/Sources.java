package org.spate.tracker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.spate.core.Endpoint;

/** Where a request came from, as a value, and back. */
final class Sources {
  private Sources() {}

  static InetSocketAddress address(Endpoint endpoint) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(endpoint.address()), endpoint.port());
    } catch (UnknownHostException e) {
      throw new AssertionError("an endpoint has four or sixteen bytes", e);
    }
  }

  static Endpoint of(SocketAddress address) {
    var source = (InetSocketAddress) address;
    return Endpoint.of(source.getAddress().getAddress(), source.getPort());
  }
}
