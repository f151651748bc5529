package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/**
 * Random files, padding, skips, orders, memory, restarts: in the end the right bytes are on disk,
 * and nothing of the files that nobody wanted.
 */
class StoragePropertyTest {
  private static final List<Format> FORMATS = List.of(Format.V1, Format.V2, Format.HYBRID);

  @TempDir Path temporary;

  @Test
  void whatever_the_layout_the_right_bytes_are_on_disk_in_the_end() {
    for (int seed = 0; seed < 40; seed++) {
      try {
        run(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static TestTorrent randomTorrent(Random random) {
    var format = FORMATS.get(random.nextInt(FORMATS.size()));
    int pieceLength = PieceGeometry.BLOCK_LENGTH << random.nextInt(3);
    var items = new ArrayList<Item>();
    int count = 2 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(3 * pieceLength);
      items.add(Item.file("f" + i, i == 0 ? length + 1 : length));
      if (format == Format.V1 && random.nextInt(4) == 0) {
        items.add(Item.pad(1 + random.nextInt(pieceLength)));
      }
    }
    return TestTorrent.of(random.nextLong(), format, pieceLength, items.toArray(Item[]::new));
  }

  private void run(int seed) {
    var random = new Random(seed);
    var torrent = randomTorrent(random);
    var folder = temporary.resolve("data" + seed);
    var states = temporary.resolve("state" + seed);
    var skipped = new BitSet();
    for (var entry : torrent.metainfo().files().files()) {
      skipped.set(entry.index(), random.nextInt(3) == 0);
    }
    int half;
    try (var rig = new Rig(torrent, folder, states)) {
      rig.skipped = skipped;
      rig.cacheBytes = random.nextBoolean() ? 1 << 26 : PieceGeometry.BLOCK_LENGTH;
      rig.open();
      half = fill(rig, skipped, random, 0, torrent.pieceCount() / 2);
      if (random.nextBoolean()) {
        rig.closeStorage();
      } else {
        rig.crash();
      }
    }
    try (var rig = new Rig(torrent, folder, states)) {
      rig.skipped = skipped;
      rig.open();
      assertThat(rig.have.size()).isEqualTo(half);
      fill(rig, skipped, random, torrent.pieceCount() / 2, torrent.pieceCount());
      rig.storage.complete();
      rig.turnUntil(() -> rig.completed);
      assertWantedFiles(rig, skipped);
      assertReads(rig, skipped, random);

      rig.storage.skip(new BitSet());
      fill(rig, new BitSet(), random, 0, torrent.pieceCount());
      rig.completed = false;
      rig.storage.complete();
      rig.turnUntil(() -> rig.completed);
      assertWantedFiles(rig, new BitSet());
      assertThat(folder.resolve("." + torrent.info().infoHash() + ".parts")).doesNotExist();
      assertThat(rig.blocksOut).hasValue(0);
    }
  }

  /** Brings in the wanted pieces of a range in random order; how many there are. */
  private static int fill(Rig rig, BitSet skipped, Random random, int from, int to) {
    var torrent = rig.torrent;
    var blocks = new ArrayList<int[]>();
    int wanted = 0;
    for (int piece = from; piece < to; piece++) {
      if (isWanted(torrent, piece, skipped)) {
        wanted++;
        for (int i = 0; i < torrent.geometry().fetchBlockCount(piece); i++) {
          blocks.add(new int[] {piece, i});
        }
      }
    }
    Collections.shuffle(blocks, random);
    blocks.forEach(block -> rig.write(block[0], block[1]));
    rig.verdicts.clear();
    for (int piece = from; piece < to; piece++) {
      if (isWanted(torrent, piece, skipped)) {
        rig.storage.verify(piece, random.nextBoolean());
      }
    }
    int all = wanted;
    rig.turnUntil(() -> rig.verdicts.size() == all);
    assertThat(rig.verdicts.values()).allMatch(good -> good);
    return wanted;
  }

  private static boolean isWanted(TestTorrent torrent, int piece, BitSet skipped) {
    var wanted = new boolean[1];
    torrent
        .metainfo()
        .files()
        .spans(
            torrent.geometry().offset(piece),
            torrent.geometry().length(piece),
            (file, _, _, _) -> wanted[0] |= !file.isPad() && !skipped.get(file.index()));
    return wanted[0];
  }

  private static void assertWantedFiles(Rig rig, BitSet skipped) {
    for (var entry : rig.torrent.metainfo().files().files()) {
      if (!entry.isPad()) {
        assertFile(rig, entry, skipped.get(entry.index()));
      }
    }
  }

  private static void assertFile(Rig rig, FileEntry entry, boolean isSkipped) {
    var path = rig.folder.resolve(entry.name());
    assertThat(Files.exists(path)).as(entry.name()).isEqualTo(!isSkipped);
    if (!isSkipped) {
      var name = entry.name().substring("t/".length());
      assertThat(Arrays.equals(rig.onDisk(name), rig.torrent.content(entry)))
          .as("bytes of %s", entry.name())
          .isTrue();
    }
  }

  private static void assertReads(Rig rig, BitSet skipped, Random random) {
    var torrent = rig.torrent;
    for (int piece = 0; piece < torrent.pieceCount(); piece++) {
      int length = torrent.geometry().length(piece);
      if (isWanted(torrent, piece, skipped) && length > 0) {
        int begin = random.nextInt(length);
        int part = 1 + random.nextInt(length - begin);
        assertThat(rig.read(piece, begin, part)).isEqualTo(torrent.bytes(piece, begin, part));
      }
    }
  }
}
