package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/**
 * Joins the two halves of a hybrid (BEP 52, upgrade path): both must name the same files in the
 * same order at the same offsets, or the same pieces would mean different bytes to different peers.
 */
final class Hybrid {
  private Hybrid() {}

  /**
   * The files as v1 lists them, padding included, with the roots of v2.
   *
   * @throws MetainfoException if the halves disagree
   */
  static List<RawFile> join(List<RawFile> v1, List<RawFile> v2, int pieceLength) {
    var trees = v2.stream().filter(RawFile::hasData).iterator();
    var joined = new ArrayList<RawFile>(v1.size());
    long offset = 0;
    long aligned = 0;
    for (var file : v1) {
      if (!file.hasData()) {
        joined.add(file);
      } else {
        if (!trees.hasNext()) {
          throw disagreement(file);
        }
        var twin = trees.next();
        if (offset != aligned
            || file.length() != twin.length()
            || !file.path().equals(twin.path())) {
          throw disagreement(file);
        }
        joined.add(file.withRoot(twin.piecesRoot()));
        aligned = alignedEnd(aligned, file.length(), pieceLength);
      }
      offset = FileLayout.sum(offset, file.length());
    }
    if (trees.hasNext()) {
      throw disagreement(trees.next());
    }
    if (offset > aligned) {
      throw new MetainfoException("its v1 half goes on behind the end of its v2 half");
    }
    checkEmptyFiles(v1, v2);
    return joined;
  }

  private static long alignedEnd(long offset, long length, int pieceLength) {
    return FileLayout.sum(offset, Math.ceilDiv(length, (long) pieceLength) * pieceLength);
  }

  /** Empty files and links take no room, so their order is nothing; but they must be the same. */
  private static void checkEmptyFiles(List<RawFile> v1, List<RawFile> v2) {
    var links = new HashMap<List<String>, List<String>>();
    for (var file : v2) {
      if (!file.hasData()) {
        links.put(file.path(), linkOf(file));
      }
    }
    var matched = new HashSet<List<String>>();
    for (var file : v1) {
      if (!file.hasData() && !file.isPad()) {
        if (!linkOf(file).equals(links.get(file.path())) || !matched.add(file.path())) {
          throw disagreement(file);
        }
      }
    }
    if (matched.size() != links.size()) {
      throw new MetainfoException("its v1 and v2 halves disagree about empty files");
    }
  }

  private static List<String> linkOf(RawFile file) {
    var target = file.linkTarget();
    return target == null ? List.of() : target;
  }

  private static MetainfoException disagreement(RawFile file) {
    return new MetainfoException(
        "its v1 and v2 halves disagree about "
            + Problems.quote(SafePaths.element(file.path().getLast())));
  }
}
