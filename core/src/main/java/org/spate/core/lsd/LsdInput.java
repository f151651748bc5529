package org.spate.core.lsd;

import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** What can happen to an {@link Lsd}. */
public sealed interface LsdInput {

  /** Links are taken at this port from now on; 0 for nowhere. */
  record Listening(int port) implements LsdInput {}

  /** A torrent that is not private takes part in its swarm. */
  record Joined(Hash160 infoHash) implements LsdInput {}

  record Left(Hash160 infoHash) implements LsdInput {}

  /** A datagram came by multicast. */
  record Received(Endpoint from, byte[] datagram) implements LsdInput {}
}
