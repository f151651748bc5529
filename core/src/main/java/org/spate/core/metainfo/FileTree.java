package org.spate.core.metainfo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A torrent's files in the order of its address space, and which of them a range of bytes touches.
 */
public final class FileTree {
  private final List<FileEntry> files;
  private final FileEntry[] filled; // those that are not empty, so that a search skips the others
  private final long dataLength;

  /**
   * @param files in the order of their offsets, none overlapping
   */
  FileTree(List<FileEntry> files) {
    this.files = List.copyOf(files);
    this.filled = files.stream().filter(f -> f.length() > 0).toArray(FileEntry[]::new);
    this.dataLength = files.stream().filter(f -> !f.isPad()).mapToLong(FileEntry::length).sum();
  }

  public List<FileEntry> files() {
    return files;
  }

  /** Bytes of all files without padding. */
  public long dataLength() {
    return dataLength;
  }

  /** Receives the parts of a range, in order. */
  @FunctionalInterface
  public interface SpanVisitor {
    /**
     * @param file the file touched; may be a pad file
     * @param fileOffset where the part begins in the file
     * @param length its bytes, 1 and up
     * @param rangeOffset where it begins in the range asked for
     */
    void span(FileEntry file, long fileOffset, int length, int rangeOffset);
  }

  /**
   * Visits the files that hold bytes of a range of the address space; gaps between files (v2) are
   * passed over.
   */
  public void spans(long offset, int length, SpanVisitor visitor) {
    long end = offset + length;
    for (int i = firstTouching(offset); i < filled.length; i++) {
      var file = filled[i];
      if (file.offset() >= end) {
        return;
      }
      long from = Math.max(offset, file.offset());
      long to = Math.min(end, end(file));
      if (from < to) {
        visitor.span(file, from - file.offset(), (int) (to - from), (int) (from - offset));
      }
    }
  }

  /** The file that holds a byte of the address space; null in a gap and behind the end. */
  public @Nullable FileEntry fileAt(long offset) {
    int first = firstTouching(offset);
    return first < filled.length && filled[first].offset() <= offset ? filled[first] : null;
  }

  /** The first file that ends behind an offset. */
  private int firstTouching(long offset) {
    int low = 0;
    int high = filled.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(filled[middle]) <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long end(FileEntry file) {
    return file.offset() + file.length();
  }
}
