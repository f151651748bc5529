package org.spate.engine;

import java.util.List;
import org.spate.core.swarm.SwarmSettings;
import org.spate.core.swarm.SwarmStatus;
import org.spate.engine.net.TokenBucket;

/** What settings of session and torrent mean for a swarm. */
record SwarmTuning(
    Services services, TorrentOptions options, boolean isPrivate, TokenBucket upLimit) {

  SwarmSettings settings(boolean sequential) {
    var usual = SwarmSettings.DEFAULT;
    int linksMax = services.settings().torrentLinksMax();
    return new SwarmSettings(
        linksMax,
        Math.min(usual.linksWanted(), linksMax),
        usual.dialsMax(),
        usual.uploadSlots(),
        Services.tighter(upLimit, services.network().upLimit()),
        sequential,
        options.superSeeding(),
        isPrivate,
        usual.leecherPolicy(),
        usual.seedPolicy(),
        usual.randomFirstPieces(),
        usual.requestSlackNanos(),
        usual.wholePieces(),
        services.network().port());
  }

  /** The status of a swarm before there is one. */
  static SwarmStatus nothingKnown(int pieceCount) {
    return new SwarmStatus(pieceCount, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, true, 0, null, List.of());
  }
}
