package org.spate.core.metainfo;

import java.util.List;

/**
 * A torrent's files in the order of its address space, and which of them a range of bytes touches.
 */
public final class FileTree {
  private final List<FileEntry> files;

  FileTree(List<FileEntry> files) {
    this.files = List.copyOf(files);
  }

  public List<FileEntry> files() {
    return files;
  }

  /** Bytes of all files without padding. */
  public long dataLength() {
    return files.stream().filter(f -> !f.isPad()).mapToLong(FileEntry::length).sum();
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
    for (int i = firstTouching(offset); i < files.size(); i++) {
      var file = files.get(i);
      if (file.offset() >= end) {
        return;
      }
      long from = Math.max(offset, file.offset());
      long to = Math.min(end, file.offset() + file.length());
      if (from < to) {
        visitor.span(file, from - file.offset(), (int) (to - from), (int) (from - offset));
      }
    }
  }

  /** The first file that ends behind an offset. */
  private int firstTouching(long offset) {
    int low = 0;
    int high = files.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      var file = files.get(middle);
      if (file.offset() + file.length() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
