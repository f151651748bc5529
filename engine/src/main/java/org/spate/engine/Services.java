package org.spate.engine;

import java.security.SecureRandom;
import org.spate.core.PeerId;
import org.spate.engine.net.Network;
import org.spate.engine.net.TokenBucket;
import org.spate.engine.storage.StateFolder;
import org.spate.engine.storage.StorageService;
import org.spate.engine.tracker.TrackerClient;

/** What the torrents of a session share. */
record Services(
    SessionSettings settings,
    Network network,
    TrackerClient trackers,
    StorageService storage,
    StateFolder states,
    Events events,
    PeerId peerId,
    SecureRandom random) {

  /** The tighter of two limits, where 0 is none. */
  static long tighter(TokenBucket one, TokenBucket other) {
    if (one.limit() == 0 || other.limit() == 0) {
      return Math.max(one.limit(), other.limit());
    }
    return Math.min(one.limit(), other.limit());
  }
}
