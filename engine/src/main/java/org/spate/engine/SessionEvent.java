package org.spate.engine;

import org.spate.core.Endpoint;
import org.spate.core.portmap.LocalPort;
import org.spate.core.portmap.Via;

/** What happens to a session as a whole, for people and programs to follow. */
public sealed interface SessionEvent {

  /** A home router passes on to us what comes to this address and port. */
  record PortMapped(LocalPort port, Endpoint external, Via via) implements SessionEvent {}

  /** It does so no longer. */
  record PortUnmapped(LocalPort port, boolean v6) implements SessionEvent {}

  /** A router would not map a port; others may. */
  record PortRefused(Via via, String reason) implements SessionEvent {}
}
