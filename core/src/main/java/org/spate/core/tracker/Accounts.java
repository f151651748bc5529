package org.spate.core.tracker;

import org.spate.core.Hash160;

/**
 * What users have sent and received, as far as their announces can be believed. A store that
 * several trackers share may keep them, too, so that it sees all that a client tells.
 */
public interface Accounts {

  /** What became of the counters of an announce. */
  enum Booking {
    /** There was no user to book them for. */
    NONE,
    BOOKED,
    /** More than is plausible was claimed; the user is credited with what is. */
    CUT,
    /** At the bound on what is kept. */
    NO_ROOM
  }

  /** Takes note of what a user's announce says. */
  Booking report(Announcement announcement, long nowNanos);

  /**
   * Bytes, and how many torrents these were of.
   *
   * @param uploaded bytes that others have received from the user
   */
  record Balance(long uploaded, long downloaded, int torrentCount) {
    public static final Balance ZERO = new Balance(0, 0, 0);

    /** The sum with that of other torrents. */
    public Balance plus(Balance other) {
      return new Balance(
          uploaded + other.uploaded,
          downloaded + other.downloaded,
          torrentCount + other.torrentCount);
    }
  }

  /** Bytes of one torrent. */
  record TorrentBalance(Hash160 infoHash, long uploaded, long downloaded) {}
}
