package org.spate.tracker.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one event loop to the store. Nothing waits: a call ends on the loop when its answer is
 * there, when the store cannot be reached, or when it has taken too long; and where too many are
 * under way no further one begins.
 */
final class StoreLink {
  /** Calls under way; beyond that the store is busy. */
  static final int CALLS_MAX = 8_192;

  /** A call that has no answer by then has failed; clients ask again after 15 s (BEP 15). */
  private static final long ANSWER_NANOS_MAX = 3_000_000_000L;

  /** How often the clock is read again, and how far it then moves at most: it drifts, not leaps. */
  private static final long CLOCK_PERIOD_NANOS = 60_000_000_000L;

  private static final long CLOCK_STEP_NANOS_MAX = 100_000_000L;
  private static final long REPORT_PERIOD_NANOS = 10_000_000_000L;
  private static final int BACKOFF_MILLIS_MIN = 50;
  private static final int BACKOFF_MILLIS_MAX = 5_000;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MILLI_NANOS = 1_000_000L;
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(StoreLink.class);

  /** What became of an attempt to begin a call. */
  enum Begun {
    UNDER_WAY,
    NO_STORE,
    BUSY
  }

  private final EventLoop loop;
  private final StoreClient client;
  private final LongSupplier clock;
  private final Runnable onReady;
  private final ArrayDeque<Call> calls = new ArrayDeque<>();
  private @Nullable StatefulConnection<byte[], byte[]> connection;
  private @Nullable BaseRedisAsyncCommands<byte[], byte[]> commands;
  private int attemptCount;
  private boolean isReady;
  private boolean isClosed;
  private long clockOffsetNanos;
  private long clockReadNanos;
  private int failureCount;
  private String lastFailure = "";
  private boolean isInTrouble;
  private long reportedNanos;

  StoreLink(EventLoop loop, StoreClient client, LongSupplier clock, Runnable onReady) {
    this.loop = loop;
    this.client = client;
    this.clock = clock;
    this.onReady = onReady;
  }

  /** Connects, and again until that has worked; later breaks the client mends by itself. */
  void open() {
    if (isClosed) {
      return;
    }
    attemptCount++;
    var _ =
        client
            .connect()
            .whenComplete((opened, failure) -> loop.execute(() -> onOpened(opened, failure)));
  }

  private void onOpened(
      @Nullable StatefulConnection<byte[], byte[]> opened, @Nullable Throwable failure) {
    if (opened == null) {
      if (attemptCount == 1) {
        LOG.warn("no store at {}: {}", client.address(), reason(failure));
      }
      long millis =
          Math.min(BACKOFF_MILLIS_MAX, (long) BACKOFF_MILLIS_MIN << Math.min(attemptCount, 10));
      var _ = loop.schedule(this::open, millis, TimeUnit.MILLISECONDS);
      return;
    }
    if (isClosed) {
      var _ = opened.closeAsync();
      return;
    }
    connection = opened;
    commands = client.commands(opened);
    readClock();
  }

  private static String reason(@Nullable Throwable failure) {
    var cause = failure;
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause == null ? null : cause.getMessage());
  }

  /** All nodes of a tracker go by the clock of the store, however wrong their own are. */
  private void readClock() {
    var reply = new ScriptReply();
    clockReadNanos = clock.getAsLong();
    var _ =
        dispatchedTo()
            .dispatch(CommandType.TIME, reply)
            .whenComplete((_, failure) -> inLoop(() -> onClock(reply, failure)));
  }

  private BaseRedisAsyncCommands<byte[], byte[]> dispatchedTo() {
    if (commands == null) {
      throw new IllegalStateException("not connected");
    }
    return commands;
  }

  private void onClock(ScriptReply reply, @Nullable Throwable failure) {
    if (failure == null && !reply.hasError()) {
      long micros = decimal(reply.text(0)) * 1_000_000 + decimal(reply.text(1));
      long offsetNanos = micros * NANOS_PER_MICRO - clock.getAsLong();
      if (isReady) {
        long change = offsetNanos - clockOffsetNanos;
        clockOffsetNanos += Math.clamp(change, -CLOCK_STEP_NANOS_MAX, CLOCK_STEP_NANOS_MAX);
      } else {
        clockOffsetNanos = offsetNanos;
        isReady = true;
        LOG.info("swarms are in the store at {}", client.address());
        onReady.run();
      }
    } else if (!isReady && !isClosed) {
      var _ = loop.schedule(this::readClock, BACKOFF_MILLIS_MAX, TimeUnit.MILLISECONDS);
    }
  }

  private static long decimal(byte[] text) {
    try {
      return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void inLoop(Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
    } else {
      loop.execute(action);
    }
  }

  boolean isReady() {
    return isReady;
  }

  /** The store's second of a moment. */
  long epochSeconds(long nowNanos) {
    return Math.floorDiv(nowNanos + clockOffsetNanos, SECOND_NANOS);
  }

  /** The same in milliseconds. */
  long epochMillis(long nowNanos) {
    return Math.floorDiv(nowNanos + clockOffsetNanos, MILLI_NANOS);
  }

  /** Begins a call, which then ends in a later event; or says why not, and it never ends. */
  Begun begin(Call call) {
    assert loop.inEventLoop();
    if (!isReady || isClosed) {
      return Begun.NO_STORE;
    }
    if (calls.size() >= CALLS_MAX) {
      return Begun.BUSY;
    }
    calls.add(call);
    dispatch(call, false);
    return Begun.UNDER_WAY;
  }

  private void dispatch(Call call, boolean withText) {
    var reply = new ScriptReply();
    var type = withText ? CommandType.EVAL : CommandType.EVALSHA;
    var result = dispatchedTo().dispatch(type, reply, call.command(withText));
    if (result.toCompletableFuture().isDone()) {
      // Refused at once: the answer still comes later.
      result.whenComplete(
          (_, failure) -> loop.execute(() -> onAnswer(call, reply, failure, withText)));
    } else {
      result.whenComplete((_, failure) -> inLoop(() -> onAnswer(call, reply, failure, withText)));
    }
  }

  private void onAnswer(
      Call call, ScriptReply reply, @Nullable Throwable failure, boolean withText) {
    if (failure instanceof RedisNoScriptException && !withText && !isClosed) {
      dispatch(call, true);
      return;
    }
    if (failure != null) {
      onFailure(reason(failure));
    }
    call.end(failure == null ? reply : null);
    forgetEnded();
  }

  private void onFailure(String reason) {
    failureCount++;
    lastFailure = reason;
  }

  /** Now and then a line in the log as long as calls fail, and one when they no longer do. */
  private void report(long nowNanos) {
    if (nowNanos - reportedNanos < REPORT_PERIOD_NANOS) {
      return;
    }
    reportedNanos = nowNanos;
    if (failureCount > 0) {
      LOG.warn("the store failed {} times: {}", failureCount, lastFailure);
    } else if (isInTrouble) {
      LOG.warn("the store serves again");
    }
    isInTrouble = failureCount > 0;
    failureCount = 0;
  }

  private void forgetEnded() {
    for (var first = calls.peek(); first != null && first.isOver(); first = calls.peek()) {
      calls.remove();
    }
  }

  /** Ends what has taken too long; to be called now and then. */
  void tick(long nowNanos) {
    for (var first = calls.peek();
        first != null && nowNanos - first.startNanos() > ANSWER_NANOS_MAX;
        first = calls.peek()) {
      calls.remove();
      if (!first.isOver()) {
        onFailure("no answer in time");
        first.end(null);
      }
    }
    report(nowNanos);
    if (isReady && nowNanos - clockReadNanos > CLOCK_PERIOD_NANOS) {
      readClock();
    }
  }

  /** Ends all that is under way, and the connection. */
  void close() {
    isClosed = true;
    for (var call = calls.poll(); call != null; call = calls.poll()) {
      call.end(null);
    }
    if (connection != null) {
      var _ = connection.closeAsync();
    }
  }
}
