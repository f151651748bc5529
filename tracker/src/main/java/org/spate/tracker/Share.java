package org.spate.tracker;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.spate.core.tracker.AccountBook;
import org.spate.core.tracker.CompactPeerStore;

/** What one loop owns: its share of the swarms in memory, and of the accounts. */
record Share(TrackerLoop loop, CompactPeerStore peers, AccountBook accounts) {

  /** Asks something on the loop and waits for the answer, on another thread. */
  <T> T ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, loop.loop).join();
  }
}
