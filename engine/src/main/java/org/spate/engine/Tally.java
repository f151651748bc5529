package org.spate.engine;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.announce.Standing;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmStatus;
import org.spate.engine.net.Loop;
import org.spate.engine.storage.ResumeFacts;

/** What of a torrent outlives its swarm: counts over all sessions, and neighbours to begin with. */
final class Tally implements Standing {
  /** What we announce while nothing listens, as behind a proxy: trackers refuse port 0. */
  private static final int NOWHERE = 1;

  /** How many addresses are remembered for the next swarm. */
  private static final int PEERS_MAX = 200;

  /**
   * What trackers are told is left while the metadata is: anything but nothing, as seeds have it.
   */
  private static final long LEFT_UNKNOWN = 1 << 14;

  private final IntSupplier port;
  private final BooleanSupplier isPrivate; // then peers come from trackers alone (BEP 27)
  private long addedSeconds = Instant.now().getEpochSecond();
  private long uploadedBefore;
  private long downloadedBefore;
  private long uploadedAtStart;
  private long downloadedAtStart;
  private final LinkedHashSet<Endpoint> peers = new LinkedHashSet<>(); // the best come last
  private @Nullable Swarm swarm;

  Tally(IntSupplier port, BooleanSupplier isPrivate) {
    this.port = port;
    this.isPrivate = isPrivate;
  }

  /** Goes on from what was saved. */
  void resume(ResumeFacts resumed) {
    if (resumed.addedSeconds() != 0) {
      addedSeconds = resumed.addedSeconds();
    }
    uploadedBefore = resumed.uploadedBytes();
    uploadedAtStart = uploadedBefore;
    downloadedBefore = resumed.downloadedBytes();
    downloadedAtStart = downloadedBefore;
    heardOf(KnownPeers.decode(resumed.more()));
  }

  /** Counts another swarm from now on. */
  void follow(Swarm next) {
    if (swarm != null) {
      var ended = swarm.status(Loop.nowNanos());
      uploadedBefore += ended.uploaded();
      downloadedBefore += ended.downloaded();
    }
    swarm = next;
  }

  /** Remembers addresses; the oldest make room. */
  void heardOf(List<Endpoint> addresses) {
    for (var address : addresses) {
      peers.remove(address);
      peers.add(address);
    }
    var oldest = peers.iterator();
    for (int surplus = peers.size() - PEERS_MAX; surplus > 0; surplus--) {
      oldest.next();
      oldest.remove();
    }
  }

  /** Remembers the neighbours of now, those that we dialled: where they listen is known. */
  void heardOfNeighbours() {
    if (swarm != null) {
      heardOf(
          swarm.status(Loop.nowNanos()).peers().stream()
              .filter(peer -> !peer.incoming() && peer.source() != PeerSource.WEB_SEED)
              .map(SwarmStatus.PeerStatus::remote)
              .toList());
    }
  }

  List<Endpoint> peers() {
    return List.copyOf(peers);
  }

  /** What the resume data keep. */
  ResumeFacts facts(byte[] priorities) {
    return new ResumeFacts(
        addedSeconds,
        uploadedEver(),
        downloadedEver(),
        FileChoice.isAllNormal(priorities) ? new byte[0] : priorities,
        KnownPeers.encode(isPrivate.getAsBoolean() ? List.of() : List.copyOf(peers)));
  }

  long uploadedEver() {
    return uploadedBefore + (swarm == null ? 0 : swarm.status(Loop.nowNanos()).uploaded());
  }

  long downloadedEver() {
    return downloadedBefore + (swarm == null ? 0 : swarm.status(Loop.nowNanos()).downloaded());
  }

  @Override
  public int port() {
    return Math.max(port.getAsInt(), NOWHERE);
  }

  @Override
  public long uploaded() {
    return uploadedEver() - uploadedAtStart;
  }

  @Override
  public long downloaded() {
    return downloadedEver() - downloadedAtStart;
  }

  @Override
  public long left() {
    return swarm == null ? LEFT_UNKNOWN : swarm.status(Loop.nowNanos()).leftBytes();
  }
}
