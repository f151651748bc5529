package org.spate.tracker;

import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.spate.core.Hash160;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.tracker.AccountBook;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.SwarmScan;

/** What one loop owns: its share of the swarms in memory, and of the accounts. */
record Share(TrackerLoop loop, CompactPeerStore peers, AccountBook accounts) {

  /** Asks something on the loop and waits for the answer, on another thread. */
  <T> T ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, loop.loop).join();
  }

  /** The same as a {@link FullScrapes.Source}, of all loops. */
  static boolean find(
      List<Share> shares,
      SwarmScan.Range range,
      int countMax,
      SortedMap<Hash160, SwarmCounts> swarms) {
    for (var share : shares) {
      int room = countMax - swarms.size();
      var scan = share.ask(() -> new SwarmScan(share.peers, range, room));
      boolean isMore = true;
      while (isMore) {
        isMore = share.ask(scan::step);
      }
      if (scan.isOverfull()) {
        return false;
      }
      scan.addTo(swarms);
    }
    return true;
  }
}
