package org.spate.engine;

import org.jspecify.annotations.Nullable;
import org.spate.engine.storage.StorageException;

/** Why something that was asked of a torrent or a session cannot be. */
public final class TorrentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What went wrong. */
  public enum Reason {
    /** The listen address is taken, not ours, or not allowed. */
    LISTEN,
    /** Files or resume data cannot be used; the message names the file. */
    STORAGE,
    /** The torrent, or one with a hash of it, is in the session already. */
    DUPLICATE,
    /** The torrent has left the session, or the session is closed. */
    CLOSED,
    /** What a magnet link leads to is no torrent that can be used. */
    METADATA,
    /** An SSL torrent lets nobody in without a certificate, and there is none that can be used. */
    CERTIFICATE,
    /** An invariant of ours broke; a bug. */
    BROKEN
  }

  private final Reason reason;

  TorrentException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static TorrentException storage(StorageException cause) {
    return new TorrentException(Reason.STORAGE, String.valueOf(cause.getMessage()), cause);
  }

  public Reason reason() {
    return reason;
  }
}
