package org.spate.core.metainfo;

import java.util.Objects;

/**
 * How a torrent's bytes are cut: pieces of one length, blocks of 16 KiB. Here an untrusted index
 * becomes a valid one, once; what lies behind trusts it.
 *
 * <p>Pieces count a single address space in which piece {@code i} begins at {@code i *
 * pieceLength}. In a v2-only torrent each file begins on a piece boundary (BEP 52), so the last
 * piece of a file may be followed by a gap; in v1 and hybrid torrents pad files (BEP 47) are part
 * of the space and of the pieces.
 */
public final class PieceGeometry {
  /** The unit that is requested (BEP 3): 16 KiB. */
  public static final int BLOCK_LENGTH = 1 << 14;

  private final long totalLength;
  private final int pieceLength;
  private final int pieceCount;
  private final int[] tailLengths; // data bytes of each piece that ends in padding, else empty
  private final boolean padsOnWire;

  private PieceGeometry(long totalLength, int pieceLength, int[] dataLengths, boolean padsOnWire) {
    if (totalLength <= 0 || pieceLength <= 0) {
      throw new IllegalArgumentException("length and piece length must be positive");
    }
    this.totalLength = totalLength;
    this.pieceLength = pieceLength;
    this.pieceCount = Math.toIntExact((totalLength + pieceLength - 1) / pieceLength);
    this.tailLengths = dataLengths;
    this.padsOnWire = padsOnWire;
    if (dataLengths.length != 0 && dataLengths.length != pieceCount) {
      throw new IllegalArgumentException("one data length a piece");
    }
  }

  /** Pieces without padding. */
  public static PieceGeometry plain(long totalLength, int pieceLength) {
    return new PieceGeometry(totalLength, pieceLength, new int[0], true);
  }

  /**
   * Pieces of which some end in padding.
   *
   * @param dataLengths for each piece the bytes before its trailing padding
   * @param padsOnWire true where padding is part of the piece (v1, hybrid), false where it is a gap
   *     (v2 only)
   */
  public static PieceGeometry padded(
      long totalLength, int pieceLength, int[] dataLengths, boolean padsOnWire) {
    return new PieceGeometry(totalLength, pieceLength, dataLengths.clone(), padsOnWire);
  }

  /** The length of the address space, padding and gaps included. */
  public long totalLength() {
    return totalLength;
  }

  public int pieceLength() {
    return pieceLength;
  }

  public int pieceCount() {
    return pieceCount;
  }

  public boolean isPiece(int index) {
    return index >= 0 && index < pieceCount;
  }

  /** Where a piece begins in the address space. */
  public long offset(int pieceIndex) {
    return (long) checked(pieceIndex) * pieceLength;
  }

  /** The bytes of a piece as v1 counts them, up to the next piece; what a request may reach. */
  public int paddedLength(int pieceIndex) {
    return (int) Math.min(pieceLength, totalLength - offset(pieceIndex));
  }

  /** The bytes of a piece before its trailing padding. */
  public int dataLength(int pieceIndex) {
    return tailLengths.length == 0 ? paddedLength(pieceIndex) : tailLengths[checked(pieceIndex)];
  }

  /** The bytes of a piece that blocks are cut from. */
  public int length(int pieceIndex) {
    return padsOnWire ? paddedLength(pieceIndex) : dataLength(pieceIndex);
  }

  /** Blocks in a piece, those that are nothing but padding included. */
  public int blockCount(int pieceIndex) {
    return blocks(length(pieceIndex));
  }

  /** Blocks that hold data and so must be fetched; the rest, at the end, is zeros. */
  public int fetchBlockCount(int pieceIndex) {
    return blocks(dataLength(pieceIndex));
  }

  /** Most blocks that a piece of this torrent can have. */
  public int blockCountMax() {
    return blocks(pieceLength);
  }

  public int blockLength(int pieceIndex, int blockIndex) {
    int begin = Objects.checkIndex(blockIndex, blockCount(pieceIndex)) * BLOCK_LENGTH;
    return Math.min(BLOCK_LENGTH, length(pieceIndex) - begin);
  }

  /** Whether a request lies within a piece (BEP 3); safe for any three numbers. */
  public boolean isRange(int pieceIndex, int begin, int length) {
    return isPiece(pieceIndex)
        && begin >= 0
        && length > 0
        && (long) begin + length <= paddedLength(pieceIndex);
  }

  /** Whether the three numbers name exactly one block as we would request it. */
  public boolean isBlock(int pieceIndex, int begin, int length) {
    return isPiece(pieceIndex)
        && begin >= 0
        && begin % BLOCK_LENGTH == 0
        && begin < length(pieceIndex)
        && length == blockLength(pieceIndex, begin / BLOCK_LENGTH);
  }

  private int checked(int pieceIndex) {
    return Objects.checkIndex(pieceIndex, pieceCount);
  }

  private static int blocks(int bytes) {
    return (bytes + BLOCK_LENGTH - 1) >>> 14;
  }
}
