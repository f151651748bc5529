package org.spate.core.metainfo;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

/**
 * Peers that a magnet link names ({@code x.pe}): numbered ones as endpoints, others as names that
 * the host may look up.
 */
final class PeerAddresses {
  private final Problems problems;
  private final Set<Endpoint> endpoints = new LinkedHashSet<>();
  private final Set<String> names = new LinkedHashSet<>();

  PeerAddresses(Problems problems) {
    this.problems = problems;
  }

  void add(String value) {
    var address = Urls.hostAndPort(value);
    if (address == null) {
      problems.add("the peer " + Problems.quote(value) + " is no host and port");
    } else if (endpoints.size() + names.size() < MagnetParser.PEER_COUNT_MAX) {
      int colon = address.lastIndexOf(':');
      int port = Integer.parseInt(address.substring(colon + 1));
      var host = address.substring(0, colon);
      boolean isBracketed = host.startsWith("[");
      var bytes = IpLiteral.parse(isBracketed ? host.substring(1, host.length() - 1) : host);
      if (bytes != null) {
        endpoints.add(Endpoint.of(bytes, port));
      } else {
        names.add(address);
      }
    }
  }

  List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  List<String> names() {
    return List.copyOf(names);
  }
}
