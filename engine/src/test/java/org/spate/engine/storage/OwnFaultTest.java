package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.engine.storage.StorageException.Reason;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/**
 * Bits that turn over on our own side: no piece is called bad for it, so no peer is (threat 24).
 */
class OwnFaultTest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;

  @TempDir private Path root;

  private Rig rig(Format format) {
    var torrent =
        TestTorrent.of(1, format, 16 * BLOCK, Item.file("a", 16 * BLOCK), Item.file("b", 5));
    return new Rig(torrent, root.resolve("data"), root.resolve("state"));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_disk_that_loses_a_bit_is_a_failure_of_the_disk(Format format) {
    try (var rig = rig(format)) {
      rig.cacheBytes = 4 * BLOCK;
      rig.open();
      rig.disk.flipBit("t/a", 9 * BLOCK + 7);
      writeBackwards(rig);
      rig.storage.verify(0, true);
      rig.turnUntil(() -> !rig.failures.isEmpty());

      assertThat(rig.verdicts).isEmpty();
      assertThat(rig.failures)
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
                assertThat(e.file()).isEqualTo("t/a");
              });

      rig.disk.repair();
      rig.failures.clear();
      rig.storage.retry();
      rig.fillAndWait(0);
      rig.closeStorage();
      assertThat(rig.blocksOut).hasValue(0);
    }
  }

  /** Blocks that come before their turn are written unhashed when memory is short. */
  private static void writeBackwards(Rig rig) {
    for (int i = 15; i > 0; i--) {
      rig.write(0, i);
      rig.turnUntil(() -> rig.cache.heldBytes() <= rig.cacheBytes);
    }
    rig.write(0, 0);
  }

  @Test
  void a_bad_hash_is_looked_at_twice() {
    try (var rig = rig(Format.HYBRID)) {
      rig.open();
      for (int i = 0; i < 16; i++) {
        if (i != 5) {
          rig.write(0, i);
        }
      }
      rig.storage.write(0, 5 * BLOCK, new Flickering(rig.torrent.bytes(0, 5 * BLOCK, BLOCK)));
      rig.storage.verify(0, false);
      rig.turnUntil(() -> rig.verdicts.containsKey(0));
      assertThat(rig.verdicts.get(0)).isTrue();
      assertThat(rig.onDisk("a")).isEqualTo(rig.torrent.content("a"));
    }
  }

  /** A block in memory that is misread once. */
  private static final class Flickering implements BufferPayload {
    private final byte[] bytes;
    private boolean isSteady;

    Flickering(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int length() {
      return bytes.length;
    }

    @Override
    public synchronized ByteBuffer[] nio() {
      var seen = bytes.clone();
      seen[100] ^= (byte) (isSteady ? 0 : 1);
      isSteady = true;
      return new ByteBuffer[] {ByteBuffer.wrap(seen)};
    }

    @Override
    public void release() {}
  }
}
