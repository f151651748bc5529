package org.spate.core.metainfo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;

/**
 * One file as a torrent lists it, numbers checked, names not yet.
 *
 * @param path elements as they stood, one char a byte, below the torrent's name; for a single file
 *     its name alone
 * @param linkTarget the elements of {@code symlink path} (BEP 47), or null
 */
record RawFile(
    List<String> path,
    long length,
    boolean isPad,
    boolean isExecutable,
    boolean isHidden,
    @Nullable List<String> linkTarget,
    @Nullable Hash256 piecesRoot) {

  /** Whether it takes part in what a hybrid's halves must agree on byte for byte. */
  boolean hasData() {
    return !isPad && length > 0;
  }

  RawFile withRoot(@Nullable Hash256 root) {
    return new RawFile(path, length, isPad, isExecutable, isHidden, linkTarget, root);
  }
}
