package org.spate.app;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.spate.app.transfer.PeerAddress;
import org.spate.core.Endpoint;

/** Addresses as options name them; throws {@link BadInputException} for those that are none. */
final class PeerOptions {
  private PeerOptions() {}

  /** Looks names up, from where we are bound. */
  static List<Endpoint> resolved(List<PeerAddress> peers, BindOptions bind) {
    var endpoints = new ArrayList<Endpoint>();
    for (var peer : peers) {
      var addresses = bind.lookUp(peer.host());
      if (addresses.isEmpty()) {
        throw new BadInputException(peer.host() + ": no such host");
      }
      endpoints.add(Endpoint.of(addresses.getFirst().getAddress(), peer.port()));
    }
    return endpoints;
  }

  /** A local address. */
  static InetAddress address(String literal) {
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "'" + literal + "' is neither an address nor a network interface of this machine", e);
    }
  }
}
