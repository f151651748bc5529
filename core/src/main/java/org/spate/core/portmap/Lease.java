package org.spate.core.portmap;

import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/** One mapping at one gateway, wanted or held. Plain state, changed by its owner. */
final class Lease {
  final LocalPort port;
  final byte[] nonce;

  /** Requests since the last answer. */
  int tries;

  /** When to ask next: again, or to renew it. */
  long dueNanos = Machine.NEVER;

  /** When it ends if it is not renewed; {@link Machine#NEVER} while it is not held. */
  long expiresNanos = Machine.NEVER;

  /** 0 while it is not held. */
  int externalPort;

  /** What has been told of it. */
  @Nullable Endpoint told;

  /**
   * @param nonce by which PCP knows it
   */
  Lease(LocalPort port, byte[] nonce) {
    this.port = port;
    this.nonce = nonce;
  }

  boolean isHeld() {
    return externalPort != 0;
  }
}
