package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Hash256;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Blocks that are checked one by one (BEP 52, threat 22). */
class LeafCheckTest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final int BLOCKS = 32; // of a piece: two batches of the digest

  @TempDir private Path root;
  private TestTorrent torrent;

  @BeforeEach
  void begin() {
    torrent = torrent(Format.V2);
  }

  private static TestTorrent torrent(Format format) {
    return TestTorrent.of(
        1,
        format,
        BLOCKS * BLOCK,
        Item.file("a", BLOCKS * BLOCK),
        Item.file("b", BLOCK + 5),
        Item.file("c", 2 * BLOCK));
  }

  private Rig open() {
    return new Rig(torrent, root.resolve("data"), root.resolve("state")).open();
  }

  private byte[] leaves(int piece) {
    var leaves = new ByteArrayOutputStream();
    int length = torrent.geometry().dataLength(piece);
    for (int begin = 0; begin < length; begin += BLOCK) {
      var bytes = torrent.bytes(piece, begin, Math.min(BLOCK, length - begin));
      leaves.writeBytes(Hash256.sha256(bytes, 0, bytes.length).bytes());
    }
    return leaves.toByteArray();
  }

  private static byte[] wrong() {
    return new byte[BLOCK];
  }

  @Test
  void a_wrong_block_is_told_and_can_be_replaced_before_and_behind_the_digest() {
    try (var rig = open()) {
      rig.storage.expect(0, leaves(0));
      for (int i = 0; i < BLOCKS; i++) {
        if (i == 3 || i == 20) {
          rig.write(0, i, wrong());
        } else {
          rig.write(0, i);
        }
      }
      rig.turnUntil(() -> rig.wrongBlocks.size() == 2);
      assertThat(rig.wrongBlocks).containsExactly(3, 20);
      rig.write(0, 20);
      rig.write(0, 3);
      rig.storage.verify(0, false);
      rig.turnUntil(() -> rig.verdicts.containsKey(0));
      assertThat(rig.verdicts.get(0)).isTrue();
      assertThat(rig.onDisk("a")).isEqualTo(torrent.content("a"));
      rig.closeStorage();
      assertThat(rig.blocksOut).hasValue(0);
      assertThat(rig.cache.heldBytes()).isZero();
    }
  }

  @Test
  void blocks_that_are_there_already_are_checked_too() {
    try (var rig = open()) {
      rig.write(1, 0, wrong());
      rig.write(1, 1);
      rig.storage.expect(1, leaves(1));
      rig.turnUntil(() -> !rig.wrongBlocks.isEmpty());
      assertThat(rig.wrongBlocks).containsExactly(0);
      rig.write(1, 0);
      rig.storage.verify(1, false);
      rig.turnUntil(() -> rig.verdicts.containsKey(1));
      assertThat(rig.verdicts.get(1)).isTrue();
    }
  }

  @Test
  void who_sent_a_wrong_block_is_known_before_the_piece_is_called_bad() {
    try (var rig = open()) {
      rig.storage.expect(1, leaves(1));
      rig.write(1, 0, wrong());
      rig.write(1, 1);
      rig.storage.verify(1, false);
      rig.turnUntil(() -> rig.verdicts.containsKey(1));
      assertThat(rig.verdicts.get(1)).isFalse();
      assertThat(rig.wrongBlocks).containsExactly(0);
    }
  }

  @Test
  void padding_behind_the_end_of_a_file_is_no_part_of_its_last_leaf() {
    torrent = torrent(Format.HYBRID);
    try (var rig = open()) {
      rig.storage.expect(1, leaves(1));
      rig.write(1, 0);
      rig.write(1, 1);
      rig.storage.verify(1, false);
      rig.turnUntil(() -> rig.verdicts.containsKey(1));
      assertThat(rig.verdicts.get(1)).isTrue();
      assertThat(rig.wrongBlocks).isEmpty();
    }
  }

  @Test
  void the_leaves_of_a_stored_piece_are_read_for_others() {
    try (var rig = open()) {
      rig.fillAll();
      for (int piece = 0; piece < 2; piece++) {
        var answer = new CompletableFuture<byte[]>();
        rig.storage.hashLeaves(piece, answer::complete);
        rig.turnUntil(answer::isDone);
        assertThat(answer.join()).isEqualTo(leaves(piece));
      }
    }
  }
}
