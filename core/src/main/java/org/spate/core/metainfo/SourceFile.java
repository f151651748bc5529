package org.spate.core.metainfo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file to make a torrent of.
 *
 * @param path its elements below the torrent's folder, as they are on disk; for a torrent of a
 *     single file its name alone
 * @param length its bytes; 0 for a link
 * @param linkTarget for a symbolic link (BEP 47) where it points, below the torrent's folder like
 *     {@code path}; else null
 */
public record SourceFile(
    List<String> path,
    long length,
    boolean isExecutable,
    boolean isHidden,
    @Nullable List<String> linkTarget) {

  public SourceFile {
    path = List.copyOf(path);
    linkTarget = linkTarget == null ? null : List.copyOf(linkTarget);
  }

  /** A plain file. */
  public static SourceFile of(List<String> path, long length) {
    return new SourceFile(path, length, false, false, null);
  }
}
