package org.spate.engine;

import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.spate.core.PeerId;
import org.spate.engine.dht.DhtService;
import org.spate.engine.net.Network;
import org.spate.engine.net.TokenBucket;
import org.spate.engine.storage.StateFolder;
import org.spate.engine.storage.StorageService;
import org.spate.engine.tracker.TrackerClient;
import org.spate.engine.web.WebClient;

/** What the torrents of a session share. */
record Services(
    SessionSettings settings,
    Network network,
    TrackerClient trackers,
    WebClient web,
    StorageService storage,
    StateFolder states,
    Events events,
    LocalDiscovery local,
    Reachability reach,
    @Nullable DhtService dht,
    Executor diskPool,
    PeerId peerId,
    SecureRandom random) {

  /** Does what blocks, on a thread of the disks. */
  CompletableFuture<Void> onDisk(Runnable task) {
    return CompletableFuture.runAsync(task, diskPool);
  }

  /** The tighter of two limits, where 0 is none. */
  static long tighter(TokenBucket one, TokenBucket other) {
    if (one.limit() == 0 || other.limit() == 0) {
      return Math.max(one.limit(), other.limit());
    }
    return Math.min(one.limit(), other.limit());
  }
}
