package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** The life of blocks: assembled, verified, stored, read. */
class TorrentStorageTest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final int PIECE = 4 * BLOCK;

  @TempDir Path temporary;
  private Path folder;
  private Path states;

  @BeforeEach
  void makeFolders() {
    folder = temporary.resolve("data");
    states = temporary.resolve("state");
  }

  private static TestTorrent threeFiles(Format format) {
    return TestTorrent.of(
        1,
        format,
        PIECE,
        Item.file("a", 3 * PIECE + 1000),
        Item.file("b", 700),
        Item.file("c", PIECE + 5 * BLOCK / 2));
  }

  private Rig rig(TestTorrent torrent) {
    return new Rig(torrent, folder, states);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void stores_good_pieces_where_they_belong(Format format) {
    try (var rig = rig(threeFiles(format)).open()) {
      assertThat(rig.have.isEmpty()).isTrue();
      rig.fillAll();
      for (var name : List.of("a", "b", "c")) {
        assertThat(rig.onDisk(name)).as(name).isEqualTo(rig.torrent.content(name));
      }
      assertThat(rig.blocksOut).hasValue(0);
      assertThat(rig.cache.heldBytes()).isZero();
      assertThat(Files.exists(folder.resolve("t/.pad"))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void refuses_a_bad_piece_unwritten_and_names_its_blocks(Format format) {
    try (var rig = rig(threeFiles(format)).open()) {
      var wrong = rig.torrent.bytes(1, 2 * BLOCK, BLOCK);
      wrong[7] ^= 1;
      rig.write(1, 0);
      rig.write(1, 1);
      rig.write(1, 2, wrong);
      rig.write(1, 3);
      rig.storage.verify(1, false);
      rig.turnUntil(() -> rig.verdicts.containsKey(1));
      assertThat(rig.verdicts.get(1)).isFalse();
      assertThat(rig.file("a")).doesNotExist();
      var bad = rig.digests.get(1);

      rig.verdicts.clear();
      for (int i = 0; i < 4; i++) {
        rig.write(1, i);
      }
      rig.storage.verify(1, true);
      rig.turnUntil(() -> rig.verdicts.containsKey(1));
      assertThat(rig.verdicts.get(1)).isTrue();
      var good = rig.digests.get(1);
      assertThat(bad).hasSize(4);
      assertThat(good).hasSize(4);
      for (int i = 0; i < 4; i++) {
        assertThat(good[i] == bad[i]).as("block %d", i).isEqualTo(i != 2);
      }
      assertThat(rig.blocksOut).hasValue(0);
    }
  }

  @Test
  void a_hybrid_piece_needs_both_hashes() {
    var torrent = threeFiles(Format.HYBRID);
    var info = torrent.info();
    for (boolean v1Wrong : new boolean[] {true, false}) {
      var hashes = info.hashes();
      var lying =
          new InfoDictionary(
              info.infoHash(),
              info.name(),
              info.isSingleFile(),
              info.files(),
              info.geometry(),
              v1Wrong ? HashesOf.swapped(hashes, 1, 0) : HashesOf.swapped(hashes, 0, 1),
              info.isPrivate(),
              info.source(),
              info.rootCertificate(),
              info.rawBytes());
      var digest = PieceDigest.of(lying, 0);
      digest.update(ByteBuffer.wrap(torrent.bytes(0, 0, PIECE)));
      assertThat(digest.matches(lying.hashes(), 0)).isFalse();
    }
  }

  @Test
  void takes_blocks_in_any_order_and_twice() {
    var torrent = threeFiles(Format.V1);
    for (int seed = 0; seed < 10; seed++) {
      folder = temporary.resolve("data" + seed);
      states = temporary.resolve("state" + seed);
      var random = new Random(seed);
      try (var rig = rig(torrent).open()) {
        var blocks = new ArrayList<int[]>();
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
          for (int i = 0; i < torrent.geometry().fetchBlockCount(piece); i++) {
            blocks.add(new int[] {piece, i});
            if (random.nextInt(5) == 0) {
              blocks.add(new int[] {piece, i});
            }
          }
        }
        Collections.shuffle(blocks, random);
        blocks.forEach(block -> rig.write(block[0], block[1]));
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
          rig.storage.verify(piece, false);
        }
        rig.turnUntil(() -> rig.verdicts.size() == torrent.pieceCount());
        assertThat(rig.verdicts.values()).as("seed %d", seed).containsOnly(true);
        for (var name : List.of("a", "b", "c")) {
          assertThat(rig.onDisk(name)).as("seed %d", seed).isEqualTo(torrent.content(name));
        }
        assertThat(rig.blocksOut).hasValue(0);
      }
    }
  }

  @Test
  void reads_a_region_within_a_file_and_a_buffer_across_files() {
    try (var rig = rig(threeFiles(Format.V1)).open()) {
      rig.fillAll();
      assertThat(rig.read(0, BLOCK, BLOCK)).isEqualTo(rig.torrent.bytes(0, BLOCK, BLOCK));
      assertThat(rig.reads.get(0)).isInstanceOf(RegionPayload.class);
      assertThat(rig.read(3, 0, BLOCK)).isEqualTo(rig.torrent.bytes(3, 0, BLOCK));
      assertThat(rig.reads.get(1)).isInstanceOf(BufferPayload.class);
    }
  }

  @Test
  void padding_is_read_as_zeros() {
    try (var rig = rig(threeFiles(Format.HYBRID)).open()) {
      rig.fillAll();
      assertThat(rig.read(3, 0, PIECE)).isEqualTo(rig.torrent.bytes(3, 0, PIECE));
      assertThat(rig.read(4, 0, PIECE)).isEqualTo(rig.torrent.bytes(4, 0, PIECE));
    }
  }

  @Test
  void an_unfinished_piece_gives_its_memory_back_in_the_end() {
    try (var rig = rig(threeFiles(Format.V1)).open()) {
      rig.write(0, 0);
      rig.write(0, 2);
      assertThat(rig.cache.heldBytes()).isEqualTo(2 * BLOCK);
      rig.closeStorage();
      assertThat(rig.blocksOut).hasValue(0);
      assertThat(rig.file("a")).doesNotExist();
    }
  }

  @Test
  void refuses_what_is_no_block() {
    try (var rig = rig(threeFiles(Format.V1)).open()) {
      assertThatThrownBy(() -> rig.write(0, 0, new byte[BLOCK - 1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> rig.storage.read(0, 0, PIECE - 1, 2))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void short_of_memory_it_writes_early_and_still_verifies(Format format) {
    var torrent =
        TestTorrent.of(2, format, 16 * BLOCK, Item.file("a", 100 * BLOCK), Item.file("b", 77_777));
    for (int seed = 0; seed < 10; seed++) {
      folder = temporary.resolve("data" + seed);
      states = temporary.resolve("state" + seed);
      var random = new Random(seed);
      var rig = rig(torrent);
      rig.cacheBytes = 8 * BLOCK;
      try (rig) {
        rig.open();
        var blocks = new ArrayList<int[]>();
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
          for (int i = 0; i < torrent.geometry().fetchBlockCount(piece); i++) {
            blocks.add(new int[] {piece, i});
          }
        }
        Collections.shuffle(blocks, random);
        var badBlock = blocks.getFirst();
        for (var block : blocks) {
          if (Arrays.equals(block, badBlock)) {
            int begin = block[1] * BLOCK;
            int length = torrent.geometry().blockLength(block[0], block[1]);
            var wrong = torrent.bytes(block[0], begin, length);
            wrong[0] ^= 1;
            rig.write(block[0], block[1], wrong);
          } else {
            rig.write(block[0], block[1]);
          }
          // A loop would see the pressure and stop reading until it is over.
          rig.turnUntil(() -> rig.cache.heldBytes() <= 8 * BLOCK);
        }
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
          rig.storage.verify(piece, false);
        }
        rig.turnUntil(() -> rig.verdicts.size() == torrent.pieceCount());
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
          assertThat(rig.verdicts.get(piece))
              .as("seed %d piece %d", seed, piece)
              .isEqualTo(piece != badBlock[0]);
        }
        assertThat(rig.digests.get(badBlock[0]))
            .hasSize(torrent.geometry().fetchBlockCount(badBlock[0]));
        rig.fillAndWait(badBlock[0]);
        assertThat(rig.onDisk("a")).isEqualTo(torrent.content("a"));
        assertThat(rig.onDisk("b")).isEqualTo(torrent.content("b"));
        rig.closeStorage();
        assertThat(rig.blocksOut).hasValue(0);
        assertThat(rig.cache.heldBytes()).isZero();
      }
    }
  }

  @Test
  void tells_links_to_stop_when_the_disk_is_slow_and_to_go_on() {
    var rig = rig(TestTorrent.of(3, Format.V1, PIECE, Item.file("a", 20 * PIECE)));
    rig.cacheBytes = 2 * PIECE;
    try (rig) {
      rig.open();
      for (int piece = 0; piece < 20; piece++) {
        rig.fill(piece);
      }
      rig.turnUntil(() -> rig.verdicts.size() == 20);
      rig.turnUntil(() -> !rig.pressure.isEmpty() && !rig.pressure.getLast());
      assertThat(rig.pressure.getFirst()).isTrue();
      assertThat(rig.onDisk("a")).isEqualTo(rig.torrent.content("a"));
    }
  }

  @Test
  void completes_with_empty_files_modes_and_links() throws Exception {
    var torrent =
        TestTorrent.of(
            4,
            Format.V1,
            PIECE,
            Item.executable("bin/run", 100),
            Item.file("data", PIECE),
            Item.file("empty", 0),
            Item.link("links/latest", "data"));
    try (var rig = rig(torrent).open()) {
      rig.fillAll();
      rig.storage.complete();
      rig.turnUntil(() -> rig.completed);
      assertThat(rig.onDisk("empty")).isEmpty();
      assertThat(Files.getPosixFilePermissions(rig.file("bin/run")))
          .contains(PosixFilePermission.OWNER_EXECUTE);
      assertThat(Files.getPosixFilePermissions(rig.file("data")))
          .doesNotContain(PosixFilePermission.OWNER_EXECUTE);
      assertThat(Files.isSymbolicLink(rig.file("links/latest"))).isTrue();
      assertThat(rig.file("links/latest").toRealPath()).isEqualTo(rig.file("data").toRealPath());
    }
  }

  @Test
  void few_descriptors_are_enough_for_many_files() {
    var items = new ArrayList<Item>();
    for (int i = 0; i < 60; i++) {
      items.add(Item.file("f%02d".formatted(i), 5000 + i));
    }
    var torrent = TestTorrent.of(5, Format.V1, PIECE, items.toArray(Item[]::new));
    var rig = rig(torrent);
    rig.handleLimit = 3;
    try (rig) {
      rig.open();
      rig.fillAll();
      for (int piece = 0; piece < torrent.pieceCount(); piece++) {
        int length = torrent.geometry().length(piece);
        for (int begin = 0; begin < length; begin += 3000) {
          int part = Math.min(3000, length - begin);
          assertThat(rig.read(piece, begin, part)).isEqualTo(torrent.bytes(piece, begin, part));
        }
      }
    }
  }

  @Test
  void skipped_files_leave_nothing_but_a_parts_file_while_it_is_needed() {
    var torrent =
        TestTorrent.of(
            6,
            Format.V1,
            PIECE,
            Item.file("a", PIECE + 1000),
            Item.file("b", 2 * PIECE),
            Item.file("c", PIECE));
    var rig = rig(torrent);
    rig.skipped = new BitSet();
    rig.skipped.set(1);
    try (rig) {
      rig.open();
      rig.fillAndWait(0, 1, 3, 4);
      assertThat(rig.file("b")).doesNotExist();
      assertThat(rig.onDisk("a")).isEqualTo(torrent.content("a"));
      assertThat(rig.onDisk("c")).isEqualTo(torrent.content("c"));
      var parts = folder.resolve("." + torrent.info().infoHash() + ".parts");
      assertThat(parts).exists();
      assertThat(rig.read(1, 0, PIECE)).isEqualTo(torrent.bytes(1, 0, PIECE));

      rig.storage.skip(new BitSet());
      rig.fillAndWait(2);
      assertThat(rig.onDisk("b")).isEqualTo(torrent.content("b"));
      assertThat(parts).doesNotExist();
    }
  }
}
