package org.spate.core.portmap;

import org.spate.core.Endpoint;

/**
 * A router that the default route of one family leads to.
 *
 * @param router its address in our network; the port is of no meaning
 * @param local our address in that network, likewise
 */
public record Gateway(Endpoint router, Endpoint local) {
  public Gateway {
    if (router.isV4() != local.isV4()) {
      throw new IllegalArgumentException("two families: " + router + " and " + local);
    }
    router = router.withPort(0);
    local = local.withPort(0);
  }
}
