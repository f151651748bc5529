package org.spate.core.swarm;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.PieceGeometry;

/**
 * Chooses which blocks to ask which neighbour for, so that pieces complete soon and rare ones
 * spread first: started pieces before new ones (strict priority), new ones by file priority and
 * then rarest first, the first few at random so that there is something to trade, and in the end,
 * when every missing block is requested, some once more from another peer. The rules are those of
 * Cohen, "Incentives Build Robustness in BitTorrent", 2003, section 2.4.
 *
 * <p>Every piece is unwanted, or verified, or listed in {@link AvailabilityOrder} to be started, or
 * in {@link StartedPieces}. Fast peers get pieces for themselves while there are plenty, and come
 * together when there are not; {@link PickerTuning} says when.
 */
final class PiecePicker {
  /** Failed hashes in a row after which the failed pieces no longer come first. */
  private static final int RETRY_FIRST_MAX = 8;

  private static final int NONE = StartedPiece.NONE;

  private static final long TURN = 1L << 56; // of a score: below it priority, rarity and such
  private static final long RANK = 1L << 48;
  private static final long AFTER_NEW = 2 * TURN;

  private final PieceGeometry geometry;
  private final PieceSet have;
  private final PickerTuning tuning;
  private final RandomGenerator random;
  private final AvailabilityOrder order;
  private final StartedPieces started;
  private final PieceSet wanted; // and not verified
  private final UnstartedPieces unstarted;
  private boolean isSequential;
  private int failuresInARow;
  private int hashingCount; // wanted pieces of which every block is here
  private long work;

  /**
   * @param have the verified pieces; shared, owned by the swarm, which adds to it beside calling
   *     {@link #onVerified}
   */
  PiecePicker(PieceGeometry geometry, PieceSet have, PickerTuning tuning, RandomGenerator random) {
    int pieceCount = geometry.pieceCount();
    this.geometry = geometry;
    this.have = have;
    this.tuning = tuning;
    this.random = random;
    this.order = new AvailabilityOrder(pieceCount, random);
    this.started = new StartedPieces(pieceCount);
    this.wanted = new PieceSet(pieceCount);
    this.unstarted = new UnstartedPieces(order, random);
    var normal = new byte[pieceCount];
    Arrays.fill(normal, FilePriority.NORMAL);
    priorities(normal);
  }

  PiecePicker(PieceGeometry geometry, PieceSet have, RandomGenerator random) {
    this(geometry, have, PickerTuning.DEFAULT, random);
  }

  // What neighbours have.

  void onHave(int piece) {
    order.onHave(piece);
  }

  void onDontHave(int piece) {
    order.onDontHave(piece);
  }

  /** A neighbour has told what it has; nothing is to be told of one that has nothing. */
  void onJoined(PieceSet has) {
    order.onJoined(has);
  }

  void onGone(PieceSet has) {
    order.onGone(has);
  }

  int availability(int piece) {
    return order.availability(piece);
  }

  // Wishes.

  /** One for each piece: 0 is unwanted, 7 comes first. O(pieces). */
  void priorities(byte[] perPiece) {
    var listed = new PieceSet(perPiece.length);
    wanted.clear();
    for (int piece = 0; piece < perPiece.length; piece++) {
      if (perPiece[piece] != FilePriority.UNWANTED && !have.contains(piece)) {
        wanted.add(piece);
        if (!started.contains(piece) && !isBlockless(piece)) {
          listed.add(piece);
        }
      }
    }
    order.rebuild(perPiece, listed);
    unstarted.reset(listed);
    hashingCount = 0;
    for (int piece = 0; piece < perPiece.length; piece++) {
      var found = started.find(piece);
      if (found != null) {
        started.update(found, isWanted(piece));
        hashingCount += found.missing() == 0 && isWanted(piece) ? 1 : 0;
      }
    }
  }

  /** Pieces in order instead of rarest first. */
  void sequential(boolean on) {
    isSequential = on;
    unstarted.sequential(on);
  }

  /** The first so many pieces of the download are started at random. */
  void randomFirst(int pieces) {
    unstarted.randomFirst(pieces);
  }

  /** Whether a piece has a priority above 0 and is not verified. */
  boolean isWanted(int piece) {
    return wanted.contains(piece);
  }

  int wantedCount() {
    return wanted.size();
  }

  /** Whether somebody has a piece that is wanted. */
  boolean isInteresting(PieceSet has) {
    return wanted.nextCommon(has, 0) >= 0;
  }

  /** Whether a piece is nothing but padding: it is never asked for, only verified. */
  boolean isBlockless(int piece) {
    return geometry.fetchBlockCount(piece) == 0;
  }

  /** Whether every missing block that is wanted is requested, at least once. */
  boolean isEndgame() {
    return unstarted.isEmpty() && started.openCount() == 0 && wanted.size() > hashingCount;
  }

  // Choosing.

  /**
   * Chooses blocks that a peer should be asked for now, and marks them requested from it.
   *
   * @param link the peer, 0 and up
   * @param max most blocks to choose; may be 0 or less
   * @return how many were chosen
   */
  int pick(int link, PieceSet has, Pick mode, int max, BlockSink sink) {
    int wish = mode.isSnubbed() ? Math.min(1, max) : max;
    int chosen = 0;
    while (chosen < wish) {
      var piece = next(link, has, mode);
      if (piece == null) {
        break;
      }
      if (piece.owner() != link && !piece.isHeld()) {
        started.disown(piece);
      }
      for (; chosen < wish && piece.free() > 0; chosen++) {
        give(piece.index(), piece.take(link), sink);
      }
      started.update(piece, true);
    }
    return chosen > 0 || !mode.mayRepeat() ? chosen : pickAgain(link, has, mode, wish, sink);
  }

  /** A piece with a free block for a peer: a started one, else a new one, else one of others. */
  private @Nullable StartedPiece next(int link, PieceSet has, Pick mode) {
    boolean isPlenty =
        unstarted.size() >= tuning.plentyPieces() && started.ownedCount() < tuning.ownPiecesMax();
    StartedPiece best = null;
    long bestScore = Long.MAX_VALUE;
    work += started.openCount();
    for (int place = 0; place < started.openCount(); place++) {
      var piece = started.at(place);
      if (mode.allows(piece.index(), has)) {
        long score = score(piece, turn(piece, link, mode, isPlenty), mode);
        if (score < bestScore) {
          best = piece;
          bestScore = score;
        }
      }
    }
    if (bestScore < AFTER_NEW) {
      return best;
    }
    int fresh = unstarted.choose(has, mode, have.size() + started.size());
    return fresh == NONE ? best : start(fresh, link, mode);
  }

  /** When it is a started piece's turn, for one peer. */
  private enum Turn {
    /** The peer's own. */
    FIRST,
    BEFORE_NEW,
    AFTER_NEW,
    NEVER
  }

  private Turn turn(StartedPiece piece, int link, Pick mode, boolean isPlenty) {
    if (mode.isOnParole()) {
      // Rather mix blocks than stall, where nobody else goes on with the piece.
      Turn shared = piece.requested() == 0 ? Turn.AFTER_NEW : Turn.NEVER;
      return piece.isTouchedOnlyBy(link) ? Turn.FIRST : shared;
    }
    if (piece.owner() == link) {
      return Turn.FIRST;
    }
    if (!piece.isHeld()) {
      return Turn.BEFORE_NEW;
    }
    boolean joins = mode.isFast() ? !isPlenty : tuning.slowJoinOwn();
    return joins && !piece.isReserved() ? Turn.BEFORE_NEW : Turn.AFTER_NEW;
  }

  /** Smaller is sooner: by turn, by priority, then as tuned. */
  private long score(StartedPiece piece, Turn turn, Pick mode) {
    if (turn == Turn.NEVER) {
      return Long.MAX_VALUE;
    }
    long score = turn.ordinal() * TURN + (order.rank(piece.index()) * RANK);
    if (isSequential) {
      return score + piece.index();
    }
    int missing = mode.isSnubbed() ? geometry.blockCountMax() - piece.missing() : piece.missing();
    int rarity = order.availability(piece.index());
    return score
        + switch (tuning.startedOrder()) {
          case NEAREST_COMPLETION -> ((long) missing << 24) + rarity;
          case RAREST -> ((long) rarity << 24) + missing;
        };
  }

  private StartedPiece start(int index, int link, Pick mode) {
    unstarted.remove(index);
    var piece = new StartedPiece(index, geometry.fetchBlockCount(index));
    if (mode.isOnParole() || (mode.isFast() && started.ownedCount() < tuning.ownPiecesMax())) {
      piece.own(link, mode.isOnParole());
    }
    started.add(piece, true);
    return piece;
  }

  private void give(int piece, int block, BlockSink sink) {
    sink.block(piece, block * PieceGeometry.BLOCK_LENGTH, geometry.blockLength(piece, block));
  }

  // Endgame.

  /**
   * Blocks that are requested from others, those with the fewest requesters first. Only for a peer
   * that owes us nothing: each is one that somebody else may upload in vain. Not for one on parole:
   * a block of it would mix with theirs.
   */
  private int pickAgain(int link, PieceSet has, Pick mode, int max, BlockSink sink) {
    if (mode.isOnParole() || (tuning.strictEndgame() && !isEndgame()) || owes(link)) {
      return 0;
    }
    int wish = Math.min(max, tuning.endgameBlocksMax());
    int chosen = 0;
    for (int requesters = 1; requesters < tuning.requestersMax() && chosen < wish; requesters++) {
      int first = started.size() == 0 ? 0 : random.nextInt(started.size());
      for (int i = 0; i < started.size() && chosen < wish; i++) {
        var piece = started.at((first + i) % started.size());
        work++;
        if (piece.requested() > 0 && isWanted(piece.index()) && mode.allows(piece.index(), has)) {
          chosen += pickAgain(piece, link, requesters, wish - chosen, sink);
        }
      }
    }
    return chosen;
  }

  /** Most that a peer is asked for of what others are asked for, too. */
  int endgameBlocksMax() {
    return tuning.endgameBlocksMax();
  }

  private boolean owes(int link) {
    for (int place = 0; place < started.size(); place++) {
      if (started.at(place).isRequestedFrom(link)) {
        return true;
      }
    }
    return false;
  }

  private int pickAgain(StartedPiece piece, int link, int requesters, int max, BlockSink sink) {
    int chosen = 0;
    int from = random.nextInt(piece.blockCount());
    while (chosen < max) {
      int block = piece.takeAgain(link, requesters, from);
      if (block == NONE) {
        break;
      }
      give(piece.index(), block, sink);
      chosen++;
    }
    return chosen;
  }

  // What comes of it.

  /** A request came to nothing: it timed out or was rejected, cancelled or choked away. */
  void onReleased(int link, int piece, int block) {
    var found = started.find(piece);
    if (found != null && block < found.blockCount()) {
      found.release(link, block);
      if (found.isUntouched()) {
        giveUp(found);
      } else {
        started.update(found, isWanted(piece));
      }
    }
  }

  /** A peer left, or all that was asked of it is given up; its own pieces are anybody's. */
  void onLinkGone(int link) {
    for (int place = started.size() - 1; place >= 0; place--) { // removing disturbs those behind
      var piece = started.at(place);
      piece.release(link);
      if (piece.owner() == link) {
        started.disown(piece);
      }
      if (piece.isUntouched()) {
        giveUp(piece);
      }
    }
    for (int place = 0; place < started.size(); place++) { // updating disturbs those before
      var piece = started.at(place);
      started.update(piece, isWanted(piece.index()));
    }
  }

  /** A block of valid coordinates arrived. */
  BlockResult onBlock(int link, int piece, int block) {
    var found = started.find(piece);
    if (found == null) {
      return have.contains(piece) ? BlockResult.DUPLICATE : BlockResult.UNREQUESTED;
    }
    if (block >= found.blockCount()) {
      return BlockResult.UNREQUESTED;
    }
    if (found.isReceived(block)) {
      found.release(link, block);
      return BlockResult.DUPLICATE;
    }
    return found.isRequestedFrom(link, block)
        ? receive(found, link, block)
        : BlockResult.UNREQUESTED;
  }

  /**
   * A block arrived whose request to this peer was released before, as timed out: taken if it is
   * still missing in a started piece.
   */
  BlockResult onLateBlock(int link, int piece, int block) {
    var result = onBlock(link, piece, block);
    var found = started.find(piece);
    return result == BlockResult.UNREQUESTED && found != null && block < found.blockCount()
        ? receive(found, link, block)
        : result;
  }

  private BlockResult receive(StartedPiece piece, int link, int block) {
    piece.receive(link, block);
    started.update(piece, isWanted(piece.index()));
    if (piece.missing() > 0) {
      return BlockResult.ACCEPTED;
    }
    hashingCount += isWanted(piece.index()) ? 1 : 0;
    return BlockResult.COMPLETES_PIECE;
  }

  /** The pieces of which blocks are here or requested; a copy. */
  int[] started() {
    var indexes = new int[started.size()];
    for (int place = 0; place < indexes.length; place++) {
      indexes[place] = started.at(place).index();
    }
    return indexes;
  }

  /** The link that all of a piece is requested from and that has sent none of it, or -1. */
  int waitsFor(int piece) {
    var found = started.find(piece);
    return found == null ? NONE : found.waitsFor();
  }

  /** The links but one that a block is requested from: to be cancelled when it is here. */
  void othersRequesting(int piece, int block, int exceptLink, IntConsumer link) {
    var found = started.find(piece);
    if (found != null && block < found.blockCount()) {
      found.requesters(
          block,
          other -> {
            if (other != exceptLink) {
              link.accept(other);
            }
          });
    }
  }

  /** A piece passed its hash, wherever it came from. */
  void onVerified(int piece) {
    var found = started.find(piece);
    if (found != null) {
      remove(found);
    } else {
      unstarted.remove(piece);
    }
    wanted.remove(piece);
    failuresInARow = 0;
    unstarted.retry(piece, false);
  }

  /**
   * A piece failed its hash. It is fetched again before other pieces: the good copy tells whose
   * blocks were bad. Not when everything fails, which is no peer's doing.
   */
  void onFailed(int piece) {
    forgetPiece(piece);
    unstarted.retry(piece, ++failuresInARow <= RETRY_FIRST_MAX);
  }

  /** A block was wrong; it is free again, unless its piece is being hashed and fails by itself. */
  void onBlockFailed(int piece, int block) {
    var found = started.find(piece);
    if (found != null && block < found.blockCount() && found.missing() > 0) {
      found.lose(block);
      if (found.isUntouched()) {
        giveUp(found);
      } else {
        started.update(found, isWanted(piece));
      }
    }
  }

  /** The blocks of a piece are lost; all are free again, and nothing is requested. */
  void forgetPiece(int piece) {
    var found = started.find(piece);
    if (found != null) {
      giveUp(found);
    }
  }

  void forgetUnfinished() {
    while (started.size() > 0) {
      giveUp(started.at(started.size() - 1));
    }
  }

  private void giveUp(StartedPiece piece) {
    remove(piece);
    if (isWanted(piece.index())) {
      unstarted.add(piece.index());
    }
  }

  private void remove(StartedPiece piece) {
    hashingCount -= piece.missing() == 0 && isWanted(piece.index()) ? 1 : 0;
    started.remove(piece);
  }

  /** Pieces looked at since the beginning: what choosing costs, for tests and profiles. */
  long work() {
    return work + unstarted.work();
  }
}
