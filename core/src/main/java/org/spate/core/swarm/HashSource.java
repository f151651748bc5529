package org.spate.core.swarm;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;
import org.spate.core.metainfo.HashRange;

/** Where the Merkle hashes come from that peers ask for (BEP 52). */
public interface HashSource {
  /** Rejects every request. */
  HashSource NONE = (_, _) -> null;

  /**
   * The content of a {@code hashes} message: the hashes of a range and then its uncles.
   *
   * @param piecesRoot the root of a file, as a peer named it
   * @param range as a peer asked for it, nothing in it checked
   * @return null to reject
   */
  byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range);
}
