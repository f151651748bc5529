package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each file lies in the address space: one behind the other in v1 and hybrids, each from a
 * piece boundary in v2 (BEP 52).
 */
final class FileLayout {
  private final List<RawFile> files;
  private final int pieceLength;
  private final boolean isAligned;
  private final long[] offsets;
  private final long totalLength;

  FileLayout(List<RawFile> files, int pieceLength, boolean isAligned) {
    this.files = files;
    this.pieceLength = pieceLength;
    this.isAligned = isAligned;
    this.offsets = new long[files.size()];
    long end = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = end;
      end = sum(end, files.get(i).length());
      end = isAligned ? Math.ceilDiv(end, (long) pieceLength) * pieceLength : end;
      Limits.pieceCount(end, pieceLength);
    }
    totalLength = end;
  }

  /** A sum of two checked lengths. */
  static long sum(long a, long b) {
    if (a + b > Limits.LENGTH_MAX) {
      throw new MetainfoException("its files are too long together");
    }
    return a + b;
  }

  long totalLength() {
    return totalLength;
  }

  boolean hasData() {
    return files.stream().anyMatch(RawFile::hasData);
  }

  PieceGeometry geometry() {
    if (!isAligned && files.stream().noneMatch(RawFile::isPad)) {
      return PieceGeometry.plain(totalLength, pieceLength);
    }
    return PieceGeometry.padded(totalLength, pieceLength, dataLengths(), !isAligned);
  }

  /** A piece that is nothing but padding counts as data: it must be fetched to be verified. */
  private int[] dataLengths() {
    var lengths = new int[Limits.pieceCount(totalLength, pieceLength)];
    for (int i = 0; i < offsets.length; i++) {
      if (files.get(i).hasData()) {
        markData(lengths, offsets[i], offsets[i] + files.get(i).length());
      }
    }
    int last = lengths.length - 1;
    for (int piece = 0; piece <= last; piece++) {
      if (lengths[piece] == 0) {
        lengths[piece] = (int) Math.min(pieceLength, totalLength - (long) piece * pieceLength);
      }
    }
    return lengths;
  }

  private void markData(int[] lengths, long from, long to) {
    int first = (int) (from / pieceLength);
    int last = (int) ((to - 1) / pieceLength);
    Arrays.fill(lengths, first, last, pieceLength);
    lengths[last] = (int) (to - (long) last * pieceLength);
  }

  /** The files under the paths chosen for them. */
  FileTree tree(
      List<List<String>> paths,
      List<@Nullable List<String>> usualPaths,
      List<@Nullable List<String>> links) {
    var entries = new ArrayList<FileEntry>(files.size());
    for (int i = 0; i < offsets.length; i++) {
      var file = files.get(i);
      entries.add(
          new FileEntry(
              i,
              paths.get(i),
              usualPaths.get(i),
              file.length(),
              offsets[i],
              file.isPad(),
              file.isExecutable(),
              file.isHidden(),
              links.get(i),
              file.piecesRoot()));
    }
    return new FileTree(entries);
  }
}
