package org.spate.engine.storage;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.StorageException.Reason;

/**
 * A check of pieces on disk against their hashes, on all cores. Lanes take the next piece each, so
 * the disk sees one stream; between portions they queue up again, so that other work of the pool
 * gets its turn.
 */
final class Recheck {
  /** Small enough to stay in a core's cache between reading and hashing. */
  private static final int READ_BYTES = 256 << 10;

  /** What a lane does before it lets others have the thread. */
  private static final int TURN_BYTES = 8 << 20;

  /** Told how it goes, on threads of the pool, one call at a time. */
  @FunctionalInterface
  interface Progress {
    void onProgress(int checked, int total);
  }

  /** Told the end, once; with a failure, {@code good} holds what had been found by then. */
  @FunctionalInterface
  interface End {
    void onEnd(PieceSet good, @Nullable StorageException failure);
  }

  private final InfoDictionary info;
  private final TorrentFiles files;
  private final PieceSet pieces;
  private final Executor pool;
  private final Progress progress;
  private final End end;
  private final PieceSet good;
  private int next;
  private int checked;
  private int lanesLeft;
  private boolean cancelled;
  private @Nullable StorageException failure;

  Recheck(
      InfoDictionary info,
      TorrentFiles files,
      PieceSet pieces,
      Executor pool,
      Progress progress,
      End end) {
    this.info = info;
    this.files = files;
    this.pieces = pieces.copy();
    this.pool = pool;
    this.progress = progress;
    this.end = end;
    this.good = new PieceSet(pieces.pieceCount());
  }

  void start(int lanes) {
    lanesLeft = Math.clamp(pieces.size(), 1, lanes);
    for (int i = lanesLeft; i > 0; i--) {
      pool.execute(new Lane());
    }
  }

  synchronized void cancel() {
    cancelled = true;
  }

  private synchronized int takePiece() {
    int piece = cancelled ? -1 : pieces.next(next);
    next = piece + 1;
    cancelled |= piece < 0;
    return piece;
  }

  private synchronized void checked(int piece, boolean isGood) {
    checked++;
    if (isGood) {
      good.add(piece);
    }
  }

  private synchronized void turnEnded() {
    progress.onProgress(checked, pieces.size());
  }

  private synchronized void failed(StorageException e) {
    failure = e;
    cancelled = true;
  }

  private synchronized void laneEnded() {
    if (--lanesLeft == 0) {
      end.onEnd(good, failure);
    }
  }

  private final class Lane implements Runnable {
    @Override
    public void run() {
      // Of the turn, not of the lane: a thousand torrents may have a lane each in the queue.
      try (var memory = Arena.ofConfined()) {
        var buffer = memory.allocate(READ_BYTES).asByteBuffer();
        for (long left = TURN_BYTES; left > 0; left -= info.geometry().pieceLength()) {
          int piece = takePiece();
          if (piece < 0) {
            turnEnded();
            laneEnded();
            return;
          }
          checked(piece, isGood(piece, buffer));
        }
      } catch (StorageException e) {
        failed(e);
      }
      turnEnded();
      pool.execute(this);
    }

    private boolean isGood(int piece, ByteBuffer buffer) {
      try {
        return matches(piece, buffer);
      } catch (StorageException e) {
        if (e.reason().isContentLost() && e.reason() != Reason.FOLDER_GONE) {
          return false;
        }
        throw e;
      }
    }

    private boolean matches(int piece, ByteBuffer buffer) {
      var digest = PieceDigest.of(info, piece);
      int length = info.geometry().dataLength(piece);
      for (int begin = 0; begin < length; begin += READ_BYTES) {
        var part = buffer.clear().limit(Math.min(READ_BYTES, length - begin));
        files.read(piece, begin, part);
        digest.update(part.flip());
      }
      return digest.matches(info.hashes(), piece);
    }
  }
}
