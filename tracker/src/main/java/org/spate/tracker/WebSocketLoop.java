package org.spate.tracker;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.spate.core.Hash160;
import org.spate.core.tracker.Accounts;
import org.spate.core.tracker.OfferSwarms;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.WebSocketNumbers;

/**
 * What one event loop has of the front for WebSockets: its connections, and the swarms that are its
 * own whatever loop their peers are connected to.
 */
final class WebSocketLoop {
  final EventLoop loop;
  final TrackerLogic logic;
  final Accounts accounts;
  final LongSupplier clock;
  final ConnectionSlots slots;
  final OfferSwarms<WebSocketConnection> swarms;
  final WebTorrentWriter writer = new WebTorrentWriter();
  int intervalSeconds;
  int connectionCount;
  private List<WebSocketLoop> all = List.of(this);
  private final List<WebSocketConnection> unflushed = new ArrayList<>();

  WebSocketLoop(
      EventLoop loop,
      TrackerLogic logic,
      Accounts accounts,
      LongSupplier clock,
      ConnectionSlots slots,
      OfferSwarms<WebSocketConnection> swarms,
      int intervalSeconds) {
    this.loop = loop;
    this.logic = logic;
    this.accounts = accounts;
    this.clock = clock;
    this.slots = slots;
    this.swarms = swarms;
    this.intervalSeconds = intervalSeconds;
  }

  /** Makes loops share the swarms; to be called before the first connection. */
  static void share(List<WebSocketLoop> loops) {
    loops.forEach(loop -> loop.all = List.copyOf(loops));
  }

  /** The loop that owns a swarm. */
  WebSocketLoop ownerOf(Hash160 infoHash) {
    return all.get(Steering.loopOf(infoHash.high(), all.size()));
  }

  /** Runs something that only this loop may do: now if it is the caller's, or soon. */
  void run(Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
    } else {
      loop.execute(action);
    }
  }

  /**
   * Has a connection flushed when all that has come in at once is dealt with: what many peers send
   * to one goes out together.
   */
  void flushLater(WebSocketConnection connection) {
    if (unflushed.isEmpty()) {
      loop.execute(this::flush);
    }
    unflushed.add(connection);
  }

  private void flush() {
    unflushed.forEach(WebSocketConnection::flush);
    unflushed.clear();
  }

  WebSocketNumbers numbers() {
    return swarms.numbers(connectionCount);
  }
}
