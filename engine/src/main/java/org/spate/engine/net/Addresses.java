package org.spate.engine.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.spate.core.Endpoint;

/** Our endpoints and those of the JDK, one into the other without ever resolving a name. */
public final class Addresses {
  private Addresses() {}

  public static InetSocketAddress socketAddress(Endpoint endpoint) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(endpoint.address()), endpoint.port());
    } catch (UnknownHostException e) {
      throw new AssertionError("four or sixteen bytes are an address", e);
    }
  }

  public static Endpoint endpoint(InetSocketAddress address) {
    return Endpoint.of(address.getAddress().getAddress(), address.getPort());
  }
}
