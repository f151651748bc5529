package org.spate.core.portmap;

import java.util.List;
import org.spate.core.Endpoint;

/** What can happen to a {@link PortMapper}. */
public sealed interface PortMapInput {

  /**
   * The network is like this now.
   *
   * @param gateways one of each family at most; further ones are not used
   * @param maySearch whether devices may be looked for by SSDP
   */
  record NetworkChanged(List<Gateway> gateways, boolean maySearch) implements PortMapInput {}

  /** These ports are to be mapped, and no others. */
  record PortsWanted(List<LocalPort> ports) implements PortMapInput {}

  /** A datagram came to a socket for PCP and NAT-PMP: an answer, or to all that listen. */
  record DatagramReceived(Endpoint from, byte[] datagram) implements PortMapInput {}

  /** A datagram came to a socket for SSDP. */
  record SsdpReceived(Endpoint from, byte[] datagram) implements PortMapInput {}

  /**
   * The answer to {@code FetchDescription}.
   *
   * @param local our address towards the device
   * @param services none if there was no answer that made sense
   */
  record DescriptionRead(UpnpUrl location, Endpoint local, List<UpnpService> services)
      implements PortMapInput {}

  /** The answer to {@code CallUpnp}. */
  record UpnpAnswered(long ticket, UpnpAnswer answer) implements PortMapInput {}

  /** Gives all mappings back; {@code Stopped} is the last output then. */
  record Stop() implements PortMapInput {}
}
