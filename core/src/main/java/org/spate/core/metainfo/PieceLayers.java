package org.spate.core.metainfo;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;

/**
 * For each v2 file longer than one piece, the hashes of its pieces (BEP 52 {@code piece layers}),
 * checked against the file's root.
 */
public record PieceLayers(Map<Hash256, byte[]> byRoot) {
  public static final PieceLayers NONE = new PieceLayers(Map.of());

  /** The concatenated 32-byte hashes of a file's pieces, or null. */
  public byte @Nullable [] find(Hash256 piecesRoot) {
    return byRoot.get(piecesRoot);
  }
}
