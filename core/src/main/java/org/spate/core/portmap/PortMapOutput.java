package org.spate.core.portmap;

import org.spate.core.Endpoint;

/** What a {@link PortMapper} wants done, and what it has found out. */
public sealed interface PortMapOutput {

  /** To a gateway, from our address in its network. */
  record SendDatagram(Gateway gateway, Endpoint to, byte[] datagram) implements PortMapOutput {}

  /** Look for devices by SSDP; what comes back is {@code SsdpReceived}. */
  record Search() implements PortMapOutput {}

  /** Read the description of a device; answered by {@code DescriptionRead}. */
  record FetchDescription(UpnpUrl location) implements PortMapOutput {}

  /** Ask a device; answered by {@code UpnpAnswered}, in bounded time. */
  record CallUpnp(long ticket, UpnpService service, UpnpAction action) implements PortMapOutput {}

  /** A port of ours is reached from outside like this from now on. */
  record Mapped(LocalPort port, Endpoint external, Via via) implements PortMapOutput {}

  /** It is not any more. */
  record Unmapped(LocalPort port, boolean v6) implements PortMapOutput {}

  /** A gateway would not, or could not. */
  record Refused(Via via, String reason) implements PortMapOutput {}

  /** All is given back, or time is up. */
  record Stopped() implements PortMapOutput {}
}
