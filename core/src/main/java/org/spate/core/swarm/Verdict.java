package org.spate.core.swarm;

import java.util.List;
import org.spate.core.Endpoint;

/**
 * What a {@link PieceLedger} concluded from a hash.
 *
 * @param convicted peers that are proven to have sent a bad block, each once
 * @param cleared peers that are no longer on parole
 */
record Verdict(List<Endpoint> convicted, List<Endpoint> cleared) {
  static final Verdict NOTHING = new Verdict(List.of(), List.of());
}
