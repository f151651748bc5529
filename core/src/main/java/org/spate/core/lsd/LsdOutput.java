package org.spate.core.lsd;

import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** What an {@link Lsd} wants done. */
public sealed interface LsdOutput {

  /** Send this to the group of each family, on each interface. */
  record Send(LsdMessage message) implements LsdOutput {}

  /** A peer of a torrent of ours is near. */
  record Found(Hash160 infoHash, Endpoint peer) implements LsdOutput {}
}
