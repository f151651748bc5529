package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceGeometryTest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;

  @Test
  void theLastPieceAndTheLastBlockAreShorter() {
    var geometry = PieceGeometry.plain(100_000, 32768);
    assertThat(geometry.pieceCount()).isEqualTo(4);
    assertThat(geometry.length(3)).isEqualTo(1696);
    assertThat(geometry.blockCount(0)).isEqualTo(2);
    assertThat(geometry.blockCount(3)).isEqualTo(1);
    assertThat(geometry.blockLength(3, 0)).isEqualTo(1696);
    assertThat(geometry.offset(3)).isEqualTo(98304);
  }

  @Test
  void paddingInAHybridIsOnTheWireButNeedNotBeFetched() {
    var geometry = PieceGeometry.padded(3 * 65536, 65536, new int[] {20_000, 65536, 1}, true);
    assertThat(geometry.length(0)).isEqualTo(65536);
    assertThat(geometry.dataLength(0)).isEqualTo(20_000);
    assertThat(geometry.blockCount(0)).isEqualTo(4);
    assertThat(geometry.fetchBlockCount(0)).isEqualTo(2);
    assertThat(geometry.blockLength(0, 1)).isEqualTo(BLOCK);
    assertThat(geometry.fetchBlockCount(2)).isEqualTo(1);
  }

  /** libtorrent 2.0.8 requests the whole block, the gap included; later versions the data only. */
  @Test
  void aGapInV2IsNoPartOfABlockButMayBeAskedFor() {
    var geometry = PieceGeometry.padded(2 * 65536, 65536, new int[] {20_000, 65536}, false);
    assertThat(geometry.length(0)).isEqualTo(20_000);
    assertThat(geometry.paddedLength(0)).isEqualTo(65536);
    assertThat(geometry.blockCount(0)).isEqualTo(2);
    assertThat(geometry.blockLength(0, 1)).isEqualTo(20_000 - BLOCK);
    assertThat(geometry.isBlock(0, BLOCK, 20_000 - BLOCK)).isTrue();
    assertThat(geometry.isBlock(0, BLOCK, BLOCK)).isFalse();
    assertThat(geometry.isRange(0, BLOCK, BLOCK)).isTrue();
    assertThat(geometry.isRange(0, 65536, 1)).isFalse();
  }

  @Test
  void blocksTileEveryPieceAndNothingElseIsABlock() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      int pieceLength = BLOCK * (1 + random.nextInt(5)) + (random.nextBoolean() ? 0 : 777);
      var geometry = PieceGeometry.plain(1 + random.nextInt(1_000_000), pieceLength);
      long total = 0;
      for (int piece = 0; piece < geometry.pieceCount(); piece++) {
        int begin = 0;
        for (int block = 0; block < geometry.blockCount(piece); block++) {
          int length = geometry.blockLength(piece, block);
          assertThat(geometry.isBlock(piece, begin, length)).as("seed %d", seed).isTrue();
          assertThat(geometry.isBlock(piece, begin, length - 1)).isFalse();
          assertThat(geometry.isBlock(piece, begin + 1, length)).isFalse();
          begin += length;
        }
        assertThat(begin).as("seed %d", seed).isEqualTo(geometry.length(piece));
        total += begin;
      }
      assertThat(total).as("seed %d", seed).isEqualTo(geometry.totalLength());
    }
  }

  @Test
  void noThreeNumbersLeadOutOfAPiece() {
    var geometry = PieceGeometry.plain(100_000, 32768);
    int[] odd = {Integer.MIN_VALUE, -1, 0, 1, 3, 4, 1696, 16384, 32767, 32768, Integer.MAX_VALUE};
    for (int piece : odd) {
      for (int begin : odd) {
        for (int length : odd) {
          boolean isInside =
              piece >= 0
                  && piece < 4
                  && begin >= 0
                  && length > 0
                  && (long) begin + length <= (piece == 3 ? 1696 : 32768);
          assertThat(geometry.isRange(piece, begin, length)).isEqualTo(isInside);
          if (geometry.isBlock(piece, begin, length)) {
            assertThat(isInside).isTrue();
          }
        }
      }
    }
  }

  @Test
  void indexesOutOfRangeAreBugsOfTheCaller() {
    var geometry = PieceGeometry.plain(100, 50);
    assertThat(geometry.isPiece(-1)).isFalse();
    assertThat(geometry.isPiece(2)).isFalse();
    assertThatThrownBy(() -> geometry.offset(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> geometry.blockLength(0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> PieceGeometry.plain(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PieceGeometry.padded(100, 50, new int[3], true))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
