package org.spate.engine;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.swarm.CloseReason;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.Route;
import org.spate.core.swarm.SwarmEvent;

/** What happens to a torrent, for people and programs to follow. */
public sealed interface TorrentEvent {

  /** Existing data are being checked: so many pieces out of so many. */
  record Checking(int checked, int total) implements TorrentEvent {}

  /** What is there has been found and checked; the torrent takes part from now on. */
  record Ready(int piecesDone, int pieceCount) implements TorrentEvent {}

  /** A piece passed its hash, is stored and can be served; so many wanted ones are missing. */
  record PieceCompleted(int index, int piecesLeft) implements TorrentEvent {}

  /** A piece failed its hash. */
  record PieceFailed(int index) implements TorrentEvent {}

  /** All that is wanted is stored; {@code isSeed} if that is everything. */
  record Finished(boolean isSeed) implements TorrentEvent {}

  /**
   * @param source where its address came from
   */
  record PeerConnected(Endpoint remote, boolean incoming, PeerSource source, Route route)
      implements TorrentEvent {}

  record PeerGone(Endpoint remote, CloseReason reason) implements TorrentEvent {}

  /** A peer was proved to have sent a bad block of a piece. */
  record PeerBanned(Endpoint remote, int pieceIndex) implements TorrentEvent {}

  /** The torrent was added by a magnet link, and now it is known what is in it. */
  record MetadataComplete(Metainfo metainfo) implements TorrentEvent {}

  /** What the magnet link leads to cannot be used; the torrent ends. */
  record MetadataRefused(String reason) implements TorrentEvent {}

  /** A peer was proved to have sent false metadata. */
  record MetadataPoisoned(Endpoint remote) implements TorrentEvent {}

  /**
   * A web seed can be asked for what peers cannot deliver in time.
   *
   * @param url without its query, which may hold a secret
   */
  record WebSeedOpened(String url) implements TorrentEvent {}

  /** A web seed failed and is asked again after a while. */
  record WebSeedFailed(String url, String reason, long waitSeconds) implements TorrentEvent {}

  /** A web seed is given up. */
  record WebSeedGone(String url, CloseReason reason) implements TorrentEvent {}

  /** A web seed was proved to have sent bad bytes of a piece. */
  record WebSeedBanned(String url, int pieceIndex) implements TorrentEvent {}

  /**
   * A tracker answered.
   *
   * @param tracker its address without path and query, which may hold a passkey
   * @param peers how many addresses it gave
   * @param complete seeds as it counts them, or -1
   * @param incomplete leechers as it counts them, or -1
   * @param warning what it wants the user to know, or null
   */
  record TrackerAnswered(
      String tracker, int peers, int complete, int incomplete, @Nullable String warning)
      implements TorrentEvent {}

  /** A tracker could not be reached, or refused. */
  record TrackerFailed(String tracker, String reason) implements TorrentEvent {}

  /**
   * Storage failed: the torrent pauses, and goes on when the cause is gone.
   *
   * @param file the file or folder concerned
   * @param problem what is wrong, file included
   */
  record StorageFailed(String file, String problem) implements TorrentEvent {}

  /** Storage works again. */
  record StorageRecovered() implements TorrentEvent {}

  record Paused() implements TorrentEvent {}

  record Resumed() implements TorrentEvent {}

  /** An invariant of ours broke: this torrent has stopped, others go on. */
  record Broken(String problem) implements TorrentEvent {}

  /** The torrent has left the session; nothing follows. */
  record Removed() implements TorrentEvent {}

  /** The same in the torrent's words; null for what the torrent tells itself. */
  static @Nullable TorrentEvent of(SwarmEvent event) {
    return switch (event) {
      case SwarmEvent.PieceCompleted(int index, int left) -> new PieceCompleted(index, left);
      case SwarmEvent.PieceFailed(int index) -> new PieceFailed(index);
      case SwarmEvent.PeerConnected(_, var remote, boolean incoming, var source, var route) ->
          new PeerConnected(remote, incoming, source, route);
      case SwarmEvent.PeerGone(_, var remote, var reason) -> new PeerGone(remote, reason);
      case SwarmEvent.PeerBanned(var remote, int index) -> new PeerBanned(remote, index);
      case SwarmEvent.MetadataPoisoned(var remote) -> new MetadataPoisoned(remote);
      case SwarmEvent.WebSeedOpened(var url) -> new WebSeedOpened(shown(url));
      case SwarmEvent.WebSeedFailed(var url, var reason, long wait) ->
          new WebSeedFailed(shown(url), reason, TimeUnit.NANOSECONDS.toSeconds(wait));
      case SwarmEvent.WebSeedGone(var url, var reason) -> new WebSeedGone(shown(url), reason);
      case SwarmEvent.WebSeedBanned(var url, int index) -> new WebSeedBanned(shown(url), index);
      case SwarmEvent.StorageProblem _,
          SwarmEvent.Finished _,
          SwarmEvent.MetadataFound _,
          SwarmEvent.MetadataRefused _ ->
          null;
    };
  }

  private static String shown(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }
}
