package org.spate.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.MessageEncoder;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;

/**
 * Messages under way as numbers. Nearly all of them name a piece or a block, whose fields fit into
 * a long, or say nothing but their name; the others wait in a table and the long says where. A
 * message that waits as an object would be two more places in memory that have left the cache when
 * it arrives.
 *
 * <pre>
 *  kind (3) | piece index (28) | block (18) | length of the block (15)
 *  OTHER    | length of the message (29)    | place in the table (32)
 * </pre>
 */
final class MessageCodes {
  private static final int OTHER = 0;
  private static final int HAVE = 1;
  private static final int REQUEST = 2;
  private static final int CANCEL = 3;
  private static final int REJECT = 4;
  private static final int PIECE = 5;
  private static final int BARE = 6;

  private static final int KIND_SHIFT = 61;
  private static final int INDEX_SHIFT = 33;
  private static final int INDEX_END = 1 << 28;
  private static final int BLOCK_SHIFT = 15;
  private static final int BLOCK_END = 1 << 18;
  private static final int LENGTH_MASK = (1 << BLOCK_SHIFT) - 1;

  private static final int BARE_BYTES = 5;
  private static final int HAVE_BYTES = 9;
  private static final int REQUEST_BYTES = 17;
  private static final int PIECE_HEADER_BYTES = 13;

  /** Their own index is all there is to say about them. */
  private static final List<PeerMessage> BARE_MESSAGES =
      List.of(
          new PeerMessage.Choke(),
          new PeerMessage.Unchoke(),
          new PeerMessage.Interested(),
          new PeerMessage.NotInterested(),
          new PeerMessage.HaveAll(),
          new PeerMessage.HaveNone());

  private final Payload wholeBlock;
  private final List<@Nullable PeerMessage> others = new ArrayList<>();
  private final ArrayList<Integer> free = new ArrayList<>(); // places in it

  /**
   * @param wholeBlock what nearly all blocks carry: another payload waits in the table
   */
  MessageCodes(Payload wholeBlock) {
    this.wholeBlock = wholeBlock;
  }

  /** To be decoded once. */
  long encode(PeerMessage message) {
    return switch (message) {
      case PeerMessage.Request(int index, int begin, int length) ->
          code(REQUEST, index, begin, length, message);
      case PeerMessage.Have(int index) -> code(HAVE, index, 0, 0, message);
      case PeerMessage.Piece(int index, int begin, var block) ->
          block.equals(wholeBlock)
              ? code(PIECE, index, begin, block.length(), message)
              : keep(message);
      case PeerMessage.RejectRequest(int index, int begin, int length) ->
          code(REJECT, index, begin, length, message);
      case PeerMessage.Cancel(int index, int begin, int length) ->
          code(CANCEL, index, begin, length, message);
      default -> {
        int bare = BARE_MESSAGES.indexOf(message);
        yield bare >= 0 ? code(BARE, bare, 0, 0, message) : keep(message);
      }
    };
  }

  private long code(int kind, int index, int begin, int length, PeerMessage message) {
    int block = begin / PieceGeometry.BLOCK_LENGTH;
    boolean fits =
        index >= 0
            && index < INDEX_END
            && block >= 0
            && block < BLOCK_END
            && begin == block * PieceGeometry.BLOCK_LENGTH
            && length >= 0
            && length <= LENGTH_MASK;
    return fits
        ? (long) kind << KIND_SHIFT
            | (long) index << INDEX_SHIFT
            | (long) block << BLOCK_SHIFT
            | length
        : keep(message);
  }

  private long keep(PeerMessage message) {
    int place = free.isEmpty() ? others.size() : free.removeLast();
    if (place == others.size()) {
      others.add(message);
    } else {
      others.set(place, message);
    }
    return (long) OTHER << KIND_SHIFT
        | (long) MessageEncoder.encodedLength(message) << Integer.SIZE
        | place;
  }

  PeerMessage decode(long code) {
    int index = (int) (code >>> INDEX_SHIFT) & INDEX_END - 1;
    int begin = ((int) (code >>> BLOCK_SHIFT) & BLOCK_END - 1) * PieceGeometry.BLOCK_LENGTH;
    int length = (int) code & LENGTH_MASK;
    return switch (kind(code)) {
      case HAVE -> new PeerMessage.Have(index);
      case REQUEST -> new PeerMessage.Request(index, begin, length);
      case CANCEL -> new PeerMessage.Cancel(index, begin, length);
      case REJECT -> new PeerMessage.RejectRequest(index, begin, length);
      case PIECE -> new PeerMessage.Piece(index, begin, wholeBlock);
      case BARE -> BARE_MESSAGES.get(index);
      default -> giveBack((int) code);
    };
  }

  private PeerMessage giveBack(int place) {
    var message = others.set(place, null);
    if (message == null) {
      throw new IllegalStateException("a message that was taken before");
    }
    free.add(place);
    return message;
  }

  /** Bytes on the wire. */
  static int length(long code) {
    return switch (kind(code)) {
      case BARE -> BARE_BYTES;
      case HAVE -> HAVE_BYTES;
      case REQUEST, CANCEL, REJECT -> REQUEST_BYTES;
      case PIECE -> PIECE_HEADER_BYTES + ((int) code & LENGTH_MASK);
      default -> (int) (code >>> Integer.SIZE);
    };
  }

  /** Bytes of the block that a message carries, or 0. */
  int blockBytes(long code) {
    return switch (kind(code)) {
      case PIECE -> (int) code & LENGTH_MASK;
      case OTHER ->
          others.get((int) code) instanceof PeerMessage.Piece piece ? piece.block().length() : 0;
      default -> 0;
    };
  }

  private static int kind(long code) {
    return (int) (code >>> KIND_SHIFT);
  }
}
