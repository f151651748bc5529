package org.spate.core.announce;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;

/**
 * One tracker as one announcer sees it: whether it knows us, what it is still to be told, and when
 * it may be asked again.
 *
 * <p>It is told {@code started} until it has accepted that once; from then on it is registered, and
 * gets {@code completed} if the download ends and {@code stopped} if the torrent does.
 */
final class Tracker {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int DOUBLINGS_MAX = 20;

  final String url;
  private final AnnouncerSettings settings;
  private final RandomGenerator random;

  private boolean registered;
  private boolean completedPending;
  private boolean disabled;
  private @Nullable AnnounceEvent inFlight;
  private long sentNanos;
  private long regularNanos;
  private long earliestNanos;
  private long retryNanos;
  private int failureCount;
  private @Nullable TrackerFailure lastFailure;
  private @Nullable AnnounceReply lastReply;

  Tracker(String url, AnnouncerSettings settings, RandomGenerator random) {
    this.url = url;
    this.settings = settings;
    this.random = random;
  }

  boolean isRegistered() {
    return registered;
  }

  boolean isInFlight() {
    return inFlight != null;
  }

  /** Whether the last attempt failed, or the tracker is not to be asked any more. */
  boolean isFailing() {
    return failureCount > 0 || disabled;
  }

  /** Until when an unanswered announce keeps its successor waiting. */
  long patienceEndNanos() {
    return sentNanos + settings.patienceSeconds() * SECOND_NANOS;
  }

  /** When a running torrent is to announce here next; {@link Machine#NEVER} if not at all. */
  long dueNanos(boolean morePeersWanted, long nowNanos) {
    if (disabled || isInFlight()) {
      return Machine.NEVER;
    }
    if (failureCount > 0) {
      return retryNanos;
    }
    if (!registered || completedPending) {
      return nowNanos;
    }
    return morePeersWanted ? earliestNanos : regularNanos;
  }

  boolean isCompletedDue(long nowNanos) {
    return registered && completedPending && dueNanos(false, nowNanos) - nowNanos <= 0;
  }

  /** The event of the next announce of a running torrent. */
  AnnounceEvent pendingEvent() {
    if (!registered) {
      return AnnounceEvent.STARTED;
    }
    return completedPending ? AnnounceEvent.COMPLETED : AnnounceEvent.NONE;
  }

  void onSent(AnnounceEvent event, long nowNanos) {
    inFlight = event;
    sentNanos = nowNanos;
  }

  /** A tracker that is told {@code started} later learns from {@code left=0} what it must know. */
  void onCompleted() {
    completedPending = registered || inFlight == AnnounceEvent.STARTED;
  }

  void onReply(AnnounceReply reply, long nowNanos) {
    switch (takeInFlight()) {
      case STARTED -> registered = true;
      case COMPLETED -> completedPending = false;
      case STOPPED -> forget();
      case NONE -> {}
    }
    failureCount = 0;
    lastFailure = null;
    lastReply = reply;
    schedule(reply, nowNanos);
  }

  /** Threat: an interval of 0, -1 or 2^31 must neither storm the tracker nor lose the swarm. */
  private void schedule(AnnounceReply reply, long nowNanos) {
    int interval = clamp(Math.max(reply.intervalSeconds(), reply.minIntervalSeconds()));
    int wanted =
        reply.minIntervalSeconds() > 0
            ? reply.minIntervalSeconds()
            : settings.minIntervalDefaultSeconds();
    regularNanos = nowNanos + interval * SECOND_NANOS;
    earliestNanos = nowNanos + Math.min(clamp(wanted), interval) * SECOND_NANOS;
  }

  private int clamp(int seconds) {
    return Math.clamp(seconds, settings.intervalMinSeconds(), settings.intervalMaxSeconds());
  }

  void onFailure(TrackerFailure failure, long nowNanos) {
    switch (takeInFlight()) {
      case STARTED -> completedPending = false;
      case STOPPED -> forget();
      case COMPLETED, NONE -> {}
    }
    failureCount++;
    lastFailure = failure;
    if (failure.retryInSeconds() == TrackerFailure.NEVER) {
      disabled = true;
      forget();
    } else if (failure.retryInSeconds() == TrackerFailure.BACK_OFF) {
      retryNanos = nowNanos + backOffNanos();
    } else {
      retryNanos = nowNanos + clamp(failure.retryInSeconds()) * SECOND_NANOS;
    }
  }

  /** Doubles from failure to failure, give or take a quarter lest clients come back as one. */
  private long backOffNanos() {
    long doubled =
        (long) settings.backOffFirstSeconds() << Math.min(failureCount - 1, DOUBLINGS_MAX);
    double jitter = 0.75 + 0.5 * random.nextDouble();
    return (long) (Math.min(doubled, settings.backOffMaxSeconds()) * SECOND_NANOS * jitter);
  }

  private AnnounceEvent takeInFlight() {
    var event = inFlight;
    inFlight = null;
    return event == null ? AnnounceEvent.NONE : event;
  }

  /** The tracker has been told that we left, or cannot be told. */
  void forget() {
    registered = false;
    completedPending = false;
  }

  TrackerStatus status(int tier) {
    return new TrackerStatus(
        url,
        tier,
        isInFlight(),
        registered,
        failureCount,
        lastFailure,
        lastReply == null ? AnnounceReply.UNKNOWN : lastReply.complete(),
        lastReply == null ? AnnounceReply.UNKNOWN : lastReply.incomplete(),
        lastReply == null ? null : lastReply.warning(),
        disabled ? Machine.NEVER : failureCount > 0 ? retryNanos : regularNanos);
  }
}
