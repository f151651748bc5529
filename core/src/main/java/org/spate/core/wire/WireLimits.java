package org.spate.core.wire;

/**
 * The longest messages that a decoder accepts. Each is checked as soon as the length prefix and id
 * are read, before a byte of the body is kept. A {@code request} has a fixed size: whether what it
 * asks for is reasonable is for the receiver to say, who can reject it (see {@link
 * #REQUEST_LENGTH_MAX}).
 *
 * @param blockLengthMax bytes of a block; no more than we request
 * @param bitfieldLengthMax bytes of a bitfield
 * @param extendedLengthMax bytes of the body of an extension message
 * @param hashCountMax hashes of the base layer in a {@code hashes} message
 */
public record WireLimits(
    int blockLengthMax, int bitfieldLengthMax, int extendedLengthMax, int hashCountMax) {

  /** We request blocks of 16 KiB and so never accept longer ones. */
  public static final int BLOCK_LENGTH_MAX = 1 << 14;

  /** What a peer may request of us at once: some ask for more than 16 KiB. */
  public static final int REQUEST_LENGTH_MAX = 1 << 17;

  /** More pieces than any torrent in use has; the bound while the metainfo is unknown. */
  public static final int PIECE_COUNT_MAX = 1 << 22;

  /** A metadata piece (BEP 9) is 16 KiB, a peer exchange (BEP 11) a few: with much room. */
  public static final int EXTENDED_LENGTH_MAX = 1 << 17;

  /** BEP 52 recommends at most 512; the leaves of a 128 MiB piece are 8192. */
  public static final int HASH_COUNT_MAX = 1 << 13;

  /** For a link whose torrent is known only by its info-hash. */
  public static final WireLimits WITHOUT_METAINFO = forPieces(PIECE_COUNT_MAX);

  public WireLimits {
    if (blockLengthMax < 1 || bitfieldLengthMax < 1 || extendedLengthMax < 0 || hashCountMax < 2) {
      throw new IllegalArgumentException("limits that allow nothing");
    }
  }

  /** For a torrent of so many pieces. */
  public static WireLimits forPieces(int pieceCount) {
    int bitfieldLength = Math.ceilDiv(pieceCount, 8);
    return new WireLimits(BLOCK_LENGTH_MAX, bitfieldLength, EXTENDED_LENGTH_MAX, HASH_COUNT_MAX);
  }

  /** The largest length prefix of all, which bounds what is skipped of an unknown message too. */
  int messageLengthMax() {
    int piece = MessageId.PIECE_HEADER_LENGTH + blockLengthMax;
    int extended = MessageId.EXTENDED_HEADER_LENGTH + extendedLengthMax;
    int hashes = MessageId.HASH_HEADER_LENGTH + hashesLengthMax();
    return Math.max(Math.max(piece, 1 + bitfieldLengthMax), Math.max(extended, hashes));
  }

  /** Bytes of the hashes in a {@code hashes} message: the base layer and a proof. */
  int hashesLengthMax() {
    return (hashCountMax + HashRange.LAYERS_MAX) * HashRange.HASH_BYTES;
  }
}
