package org.spate.core.metainfo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;

/**
 * One file of a torrent.
 *
 * @param index its place in the torrent's list, pad files counted
 * @param path its sanitised path inside the download folder; for a multi-file torrent the first
 *     element is the torrent's name. Never empty, never {@code .} or {@code ..}, never equal to
 *     another file's path even when case is ignored (pad files, which are never stored, may be)
 * @param usualPath where other clients on POSIX systems store it if that is not {@code path}, or
 *     null: no less safe, but not for every file system. No other file has it, nor as its {@code
 *     path}, even when case is ignored
 * @param length its bytes, 0 and up
 * @param offset where it begins in the torrent's address space
 * @param isPad a pad file (BEP 47): zeros that are never stored
 * @param isExecutable attribute {@code x}
 * @param isHidden attribute {@code h}
 * @param symlink where a symbolic link (attribute {@code l}) points, as a path from the download
 *     folder like {@code path}, or null
 * @param piecesRoot the root of its Merkle tree (BEP 52), or null for v1 and for empty files
 */
public record FileEntry(
    int index,
    List<String> path,
    @Nullable List<String> usualPath,
    long length,
    long offset,
    boolean isPad,
    boolean isExecutable,
    boolean isHidden,
    @Nullable List<String> symlink,
    @Nullable Hash256 piecesRoot) {

  /** The path joined by slashes, to show. */
  public String name() {
    return String.join("/", path);
  }
}
