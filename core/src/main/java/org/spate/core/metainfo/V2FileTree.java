package org.spate.core.metainfo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.spate.core.Hash256;
import org.spate.core.bencode.Bencoded.Dictionary;

/**
 * Reads the {@code file tree} of a v2 info dictionary (BEP 52). Depth is bounded by that of the
 * bencode reader; the tree's order, which is the order of the files, has been checked to be
 * canonical.
 */
final class V2FileTree {
  private final Problems problems;
  private final List<RawFile> files = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();
  private int elementCount;
  private boolean isSingleFile;

  V2FileTree(Problems problems) {
    this.problems = problems;
  }

  List<RawFile> read(Dictionary tree) {
    if (tree.find("") != null) {
      throw new MetainfoException("the root of its file tree is a file");
    }
    walk(tree);
    isSingleFile = files.size() == 1 && tree.entries().size() == 1 && depth(files.getFirst()) == 1;
    return files;
  }

  /** Whether the tree is one file and no directory (BEP 52, interpreting paths). */
  boolean isSingleFile() {
    return isSingleFile;
  }

  private static int depth(RawFile file) {
    return file.path().size();
  }

  private void walk(Dictionary directory) {
    if (directory.entries().isEmpty()) {
      problems.add("its file tree has an empty directory, which is left out");
    }
    directory
        .entries()
        .forEach(
            (name, value) -> {
              if (!(value instanceof Dictionary node) || name.isEmpty()) {
                throw new MetainfoException("its file tree is malformed");
              }
              path.addLast(name);
              if (node.find("") == null) {
                walk(node);
              } else {
                addFile(node);
              }
              path.removeLast();
            });
  }

  private void addFile(Dictionary node) {
    if (node.entries().size() != 1 || !(node.find("") instanceof Dictionary entry)) {
      throw new MetainfoException("its file tree has a file that is a directory, too");
    }
    var attributes = V1FileList.attributes(entry);
    if (attributes.contains("p")) {
      throw new MetainfoException("its file tree has a pad file");
    }
    var link = V1FileList.linkTarget(entry, problems);
    long length = link != null ? 0 : Limits.length(entry.find("length"));
    elementCount = Limits.countElements(elementCount, path.size());
    files.add(
        new RawFile(
            List.copyOf(path),
            length,
            false,
            attributes.contains("x"),
            attributes.contains("h"),
            link,
            length == 0 ? null : root(entry)));
  }

  private static Hash256 root(Dictionary entry) {
    var text = entry.text("pieces root");
    if (text == null || text.length() != Hash256.BYTES) {
      throw new MetainfoException("a file has no pieces root");
    }
    var root = Hash256.of(text.bytes());
    if (root.equals(Hash256.ZERO)) {
      throw new MetainfoException("a file's pieces root is all zeros");
    }
    return root;
  }
}
