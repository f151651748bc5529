package org.spate.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerStatus;
import org.spate.core.swarm.SwarmStatus;

/**
 * A snapshot of a torrent.
 *
 * @param swarm pieces, rates and neighbours
 * @param uploaded block bytes sent, sessions before this one included
 * @param downloaded block bytes received, likewise
 * @param problem what keeps it from going on, for people, or null
 * @param trackers how it stands with each tracker
 */
public record TorrentStatus(
    State state,
    SwarmStatus swarm,
    long uploaded,
    long downloaded,
    @Nullable String problem,
    List<TrackerStatus> trackers) {

  /** What a torrent is about. */
  public enum State {
    /** Came by a magnet link and asks peers what it is. */
    FETCHING_METADATA,
    /** Looks at its files and checks what is not known to be good. */
    CHECKING,
    DOWNLOADING,
    /** Has all that is wanted. */
    SEEDING,
    PAUSED,
    /** Storage failed; tries again by itself. */
    FAILED,
    /** Has left the session, or broke. */
    ENDED
  }

  /** Wanted bytes that are stored, from 0 to 1. */
  public double progress() {
    if (state == State.FETCHING_METADATA) {
      return 0;
    }
    return swarm.wantedBytes() == 0 ? 1 : (double) swarm.doneBytes() / swarm.wantedBytes();
  }
}
