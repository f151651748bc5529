package org.spate.core.dht;

import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** A node as others speak of it: its id and where it listens. */
public record NodeInfo(Hash160 id, Endpoint endpoint) {

  /** Whether the id is one that its address may have (BEP 42). */
  boolean isBound() {
    return NodeIds.isBoundTo(id, endpoint);
  }
}
