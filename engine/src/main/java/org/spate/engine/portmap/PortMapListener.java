package org.spate.engine.portmap;

import org.spate.core.Endpoint;
import org.spate.core.portmap.LocalPort;
import org.spate.core.portmap.Via;

/** Who hears what becomes of the ports; called on the loop of the service. */
public interface PortMapListener {
  void mapped(LocalPort port, Endpoint external, Via via);

  void unmapped(LocalPort port, boolean v6);

  void refused(Via via, String reason);
}
