package org.spate.tracker;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.HttpResponder;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.TrackerStatistics;
import org.spate.core.tracker.WebSocketNumbers;

/** One event loop of a tracker, with what only it may touch. */
final class TrackerLoop {
  static final long EXPIRY_PERIOD_MILLIS = 250;

  /** Peers to look at in one step of expiry: tens of microseconds. */
  private static final int EXPIRY_STEP_PEERS = 2_500;

  /** With more peers than that in so many steps, each looks at more. */
  private static final int EXPIRY_STEPS_MAX = 4_000;

  final EventLoop loop;
  final TrackerLogic logic;
  final HttpResponder http;
  final HttpHead head = new HttpHead();
  private final LongSupplier clock;
  TrustedProxies proxies = TrustedProxies.NONE;

  /** Null where there are none. */
  @Nullable WebSocketLoop webSockets;

  TrackerLoop(EventLoop loop, TrackerLogic logic, HttpResponder http, LongSupplier clock) {
    this.loop = loop;
    this.logic = logic;
    this.http = http;
    this.clock = clock;
    logic.onWallClock(Instant.now().getEpochSecond());
  }

  TrackerStatistics statistics() {
    assert loop.inEventLoop();
    var numbers = webSockets == null ? WebSocketNumbers.NONE : webSockets.numbers();
    return logic.statistics(clock.getAsLong()).with(numbers);
  }

  void expire() {
    logic.onWallClock(Instant.now().getEpochSecond());
    int peers = logic.peerCount();
    logic.expire(Math.max(EXPIRY_STEP_PEERS, peers / EXPIRY_STEPS_MAX), clock.getAsLong());
  }
}
