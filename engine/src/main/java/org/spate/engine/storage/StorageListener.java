package org.spate.engine.storage;

import org.jspecify.annotations.Nullable;
import org.spate.core.swarm.PieceSet;
import org.spate.core.wire.Payload;

/**
 * Whom a {@link TorrentStorage} answers: always on the torrent's loop, never from within a call to
 * the storage.
 */
public interface StorageListener {

  /**
   * Ready for work.
   *
   * @param have the pieces that are on disk and verified; the listener's own
   * @param facts as they were last saved, {@link ResumeFacts#NONE} if they were not
   */
  void onOpened(PieceSet have, ResumeFacts facts);

  /** A check of existing data goes on: so many pieces out of so many. */
  void onChecking(int checked, int total);

  /**
   * The answer to {@link TorrentStorage#verify}.
   *
   * @param good whether it is right, and then also stored
   * @param digests one for each block that holds data; there if it is bad or if they were wanted
   */
  void onVerified(int pieceIndex, boolean good, long @Nullable [] digests);

  /** A block is not what {@link TorrentStorage#expect} said, and was dropped. */
  void onBlockFailed(int pieceIndex, int begin);

  /** The answer to {@link TorrentStorage#read}; the payload is the listener's to release. */
  void onRead(int tag, int pieceIndex, int begin, Payload block);

  /** A recheck has ended: of the pieces checked these are good, and no others. */
  void onRechecked(PieceSet checked, PieceSet good);

  /** The answer to {@link TorrentStorage#complete}. */
  void onCompleted();

  /**
   * Something failed. What is verified waits to be written; blocks of unfinished pieces are
   * forgotten, and reads that were asked for may stay unanswered. Go on with {@link
   * TorrentStorage#retry}.
   */
  void onFailed(StorageException failure);

  /** Whether links should stop reading, because blocks come in faster than they can be written. */
  void onPressure(boolean pressed);
}
