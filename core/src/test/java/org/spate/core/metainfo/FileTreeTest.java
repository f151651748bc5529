package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.FileTree.SpanVisitor;

class FileTreeTest {

  @Test
  void aRangeIsCutIntoThePartsOfTheFilesItTouches() {
    var tree = tree(false, 4, 0, 3, 0, 0, 5);
    assertThat(spans(tree, 2, 8)).containsExactly("f0 2+2 at 0", "f2 0+3 at 2", "f5 0+3 at 5");
    assertThat(spans(tree, 4, 3)).containsExactly("f2 0+3 at 0");
    assertThat(spans(tree, 12, 5)).isEmpty();
    assertThat(spans(tree, 3, 0)).isEmpty();
  }

  @Test
  void gapsBetweenV2FilesArePassedOver() {
    var tree = tree(true, 4, 0, 16, 3);
    assertThat(tree.files().stream().map(FileEntry::offset)).containsExactly(0L, 16L, 16L, 32L);
    assertThat(spans(tree, 0, 40)).containsExactly("f0 0+4 at 0", "f2 0+16 at 16", "f3 0+3 at 32");
    assertThat(tree.fileAt(3).index()).isZero();
    assertThat(tree.fileAt(4)).isNull();
    assertThat(tree.fileAt(16).index()).isEqualTo(2);
    assertThat(tree.fileAt(35)).isNull();
    assertThat(tree.dataLength()).isEqualTo(23);
  }

  @Test
  void everyByteIsFoundWhereItIs() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var lengths = random.ints(1 + random.nextInt(20), 0, 12).toArray();
      var tree = tree(random.nextBoolean(), lengths);
      int end = (int) lastEnd(tree) + 5;
      int from = random.nextInt(end);
      int length = random.nextInt(end - from);
      var expected = new ArrayList<Integer>(Collections.nCopies(length, -1));
      for (var file : tree.files()) {
        for (long at = file.offset(); at < file.offset() + file.length(); at++) {
          if (at >= from && at < from + length) {
            expected.set((int) at - from, file.index());
          }
        }
      }
      var found = new ArrayList<Integer>(Collections.nCopies(length, -1));
      SpanVisitor mark =
          (file, fileOffset, spanLength, rangeOffset) -> {
            assertThat(file.offset() + fileOffset).isEqualTo(from + rangeOffset);
            for (int i = 0; i < spanLength; i++) {
              assertThat(found.set(rangeOffset + i, file.index())).isEqualTo(-1);
            }
          };
      tree.spans(from, length, mark);
      assertThat(found).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static long lastEnd(FileTree tree) {
    var last = tree.files().getLast();
    return last.offset() + last.length();
  }

  private static List<String> spans(FileTree tree, long offset, int length) {
    var spans = new ArrayList<String>();
    tree.spans(
        offset,
        length,
        (file, fileOffset, spanLength, rangeOffset) ->
            spans.add(
                "f" + file.index() + " " + fileOffset + "+" + spanLength + " at " + rangeOffset));
    return spans;
  }

  /** Files of those lengths, one behind the other or each from a multiple of 16. */
  private static FileTree tree(boolean isAligned, int... lengths) {
    var files = new ArrayList<RawFile>();
    for (int length : lengths) {
      var path = List.of("f" + files.size());
      files.add(new RawFile(path, length, false, false, false, null, null));
    }
    var paths = files.stream().map(RawFile::path).toList();
    var nothing = Collections.<List<String>>nCopies(files.size(), null);
    return new FileLayout(files, 16, isAligned).tree(paths, nothing, nothing);
  }
}
