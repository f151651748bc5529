package org.spate.core.announce;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Machine;
import org.spate.core.PeerId;

/**
 * Decides when one torrent announces which event to which of its trackers, under one form of its
 * info-hash; a hybrid torrent has two of these. A collaborator of the torrent's machine and of the
 * same manner: calls and the time go in, {@link SendAnnounce} and a deadline come out.
 *
 * <p>The trackers are walked tier by tier in the order of BEP 12. Those that fail, or keep us
 * waiting, are passed over; the first that works is the one that is announced to, and ends the
 * walk. A failed one is tried again after its back-off, and takes over when it answers. What a
 * tracker has been told is kept for each, so {@code started}, {@code completed} and {@code stopped}
 * arrive at each once and in order, however often the walk changes its mind.
 */
public final class Announcer {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Hash160 infoHash;
  private final PeerId peerId;
  private final int key;
  private final Standing standing;
  private final AnnouncerSettings settings;
  private final TrackerTiers tiers;
  private final Queue<SendAnnounce> outputs = new ArrayDeque<>();

  private boolean running;
  private boolean completed;
  private boolean morePeersWanted;
  private long stopDeadlineNanos = Machine.NEVER;
  private long deadlineNanos = Machine.NEVER;

  /** An announcer that is still: it begins with {@link #start}. */
  public Announcer(
      Hash160 infoHash,
      PeerId peerId,
      List<List<String>> trackerUrls,
      Standing standing,
      AnnouncerSettings settings,
      RandomGenerator random) {
    this.infoHash = infoHash;
    this.peerId = peerId;
    this.key = random.nextInt();
    this.standing = standing;
    this.settings = settings;
    this.tiers = new TrackerTiers(trackerUrls, settings, random);
  }

  /** The torrent takes part in its swarm from now on. */
  public void start(long nowNanos) {
    running = true;
    stopDeadlineNanos = Machine.NEVER;
    walk(nowNanos);
  }

  /** The download has become complete; not for one that was complete when it started (BEP 3). */
  public void completed(long nowNanos) {
    if (!completed) {
      completed = true;
      forEach(Tracker::onCompleted);
    }
    walk(nowNanos);
  }

  /** The swarm could do with more peers; heeded once, and not before the minimum interval. */
  public void wantPeers(long nowNanos) {
    morePeersWanted = true;
    walk(nowNanos);
  }

  /** Adds trackers that became known later, as a tier behind the others. */
  public void addTier(List<String> trackerUrls, long nowNanos) {
    tiers.addTier(trackerUrls);
    walk(nowNanos);
  }

  /** The torrent leaves: trackers that know it are told so, for as long as the settings allow. */
  public void stop(long nowNanos) {
    if (running) {
      running = false;
      morePeersWanted = false;
      stopDeadlineNanos = nowNanos + settings.stopTimeoutSeconds() * SECOND_NANOS;
      walk(nowNanos);
    }
  }

  /** A tracker has answered; its peers are the swarm's business. */
  public void announced(String trackerUrl, AnnounceReply reply, long nowNanos) {
    var tracker = tiers.find(trackerUrl);
    if (tracker != null && tracker.isInFlight()) {
      tracker.onReply(reply, nowNanos);
      tiers.moveToFront(tracker);
    }
    walk(nowNanos);
  }

  /** An announce has come to nothing. */
  public void failed(String trackerUrl, TrackerFailure failure, long nowNanos) {
    var tracker = tiers.find(trackerUrl);
    if (tracker != null && tracker.isInFlight()) {
      tracker.onFailure(failure, nowNanos);
    }
    walk(nowNanos);
  }

  /** The deadline has come, or passed. */
  public void advance(long nowNanos) {
    walk(nowNanos);
  }

  /** The next announce to carry out, or null. */
  public @Nullable SendAnnounce poll() {
    return outputs.poll();
  }

  /** When to call {@link #advance} next; {@link Machine#NEVER} if nothing is scheduled. */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** Whether nothing is left to be told or waited for after a stop. */
  public boolean isStopped() {
    return !running && deadlineNanos == Machine.NEVER;
  }

  /** How it stands with each tracker, tier by tier. */
  public List<TrackerStatus> trackers() {
    var statuses = new ArrayList<TrackerStatus>();
    for (int tier = 0; tier < tiers.inOrder().size(); tier++) {
      for (var tracker : tiers.inOrder().get(tier)) {
        statuses.add(tracker.status(tier));
      }
    }
    return statuses;
  }

  private void walk(long nowNanos) {
    deadlineNanos = Machine.NEVER;
    if (running) {
      announce(nowNanos);
    } else {
      leave(nowNanos);
    }
  }

  private void announce(long nowNanos) {
    forEach(
        tracker -> {
          if (tracker.isCompletedDue(nowNanos)) {
            send(tracker, AnnounceEvent.COMPLETED, nowNanos);
          }
        });
    for (var tier : tiers.inOrder()) {
      boolean served = false;
      for (var tracker : tier) {
        served |= isServedBy(tracker, nowNanos);
        if (served && !settings.allTrackers()) {
          break;
        }
      }
      if (served && !settings.allTiers()) {
        break;
      }
    }
  }

  /** Announces to this tracker if it is time; false if the walk should go on to another one. */
  private boolean isServedBy(Tracker tracker, long nowNanos) {
    if (tracker.isInFlight()) {
      long patienceEndNanos = tracker.patienceEndNanos();
      boolean patient = patienceEndNanos - nowNanos > 0;
      if (patient) {
        deadlineNanos = Math.min(deadlineNanos, patienceEndNanos);
      }
      return patient;
    }
    long dueNanos = tracker.dueNanos(morePeersWanted, nowNanos);
    if (dueNanos - nowNanos <= 0) {
      send(tracker, tracker.pendingEvent(), nowNanos);
      morePeersWanted = false;
      deadlineNanos = Math.min(deadlineNanos, tracker.patienceEndNanos());
      return true;
    }
    deadlineNanos = Math.min(deadlineNanos, dueNanos);
    return !tracker.isFailing();
  }

  /** Says {@code stopped} where we are known; an announce under way there is waited for first. */
  private void leave(long nowNanos) {
    if (stopDeadlineNanos == Machine.NEVER) {
      return;
    }
    if (stopDeadlineNanos - nowNanos <= 0) {
      forEach(Tracker::forget);
      stopDeadlineNanos = Machine.NEVER;
      return;
    }
    forEach(
        tracker -> {
          if (tracker.isRegistered() && !tracker.isInFlight()) {
            send(tracker, AnnounceEvent.STOPPED, nowNanos);
          }
          if (tracker.isInFlight()) {
            deadlineNanos = stopDeadlineNanos;
          }
        });
  }

  private void send(Tracker tracker, AnnounceEvent event, long nowNanos) {
    tracker.onSent(event, nowNanos);
    var request =
        new AnnounceRequest(
            infoHash,
            peerId,
            standing.port(),
            standing.uploaded(),
            standing.downloaded(),
            standing.left(),
            event,
            event == AnnounceEvent.STOPPED ? 0 : settings.numwant(),
            key);
    outputs.add(new SendAnnounce(tracker.url, request));
  }

  private void forEach(Consumer<Tracker> action) {
    for (var tier : tiers.inOrder()) {
      tier.forEach(action);
    }
  }
}
