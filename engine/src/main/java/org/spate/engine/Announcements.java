package org.spate.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.Announcer;
import org.spate.core.announce.AnnouncerSettings;
import org.spate.core.announce.ScrapeReply;
import org.spate.core.announce.SendAnnounce;
import org.spate.core.announce.Standing;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerStatus;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.metainfo.InfoHash;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;

/**
 * Drives the announcers of one torrent on its loop: one for each form of its info-hash, since v1
 * and v2 peers of a hybrid may stand in different lists of a tracker (BEP 52).
 */
final class Announcements {

  private final Services services;
  private final Loop loop;
  private final Consumer<TorrentEvent> onEvent;
  private final Consumer<List<Endpoint>> onPeers;
  private final List<Announcer> announcers = new ArrayList<>();
  private final List<Hash160> hashes = new ArrayList<>(); // of the announcers
  private final Deadline deadline;
  private final List<List<String>> trackers;
  private final Standing standing;
  private boolean isStarted;
  private CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);

  Announcements(
      Services services,
      Loop loop,
      InfoHash infoHash,
      List<List<String>> trackers,
      Standing standing,
      Consumer<TorrentEvent> onEvent,
      Consumer<List<Endpoint>> onPeers) {
    this.services = services;
    this.loop = loop;
    this.onEvent = onEvent;
    this.onPeers = onPeers;
    this.trackers = trackers;
    this.standing = standing;
    infoHash.swarms().forEach(this::add);
    this.deadline = loop.deadline(this::advance);
  }

  private void add(Hash160 hash) {
    int stopSeconds = Math.clamp(services.settings().closeTimeout().toSeconds(), 0, 3_600);
    announcers.add(
        new Announcer(
            hash, services.peerId(), trackers, standing, settings(stopSeconds), services.random()));
    hashes.add(hash);
  }

  /** More hashes than a magnet link named have become known. */
  void identify(InfoHash infoHash) {
    for (var hash : infoHash.swarms()) {
      if (!hashes.contains(hash)) {
        add(hash);
        if (isStarted) {
          announcers.getLast().start(Loop.nowNanos());
        }
      }
    }
    carryOut(Loop.nowNanos());
  }

  private static AnnouncerSettings settings(int stopSeconds) {
    var usual = AnnouncerSettings.DEFAULT;
    return new AnnouncerSettings(
        usual.numwant(),
        usual.intervalMinSeconds(),
        usual.intervalMaxSeconds(),
        usual.minIntervalDefaultSeconds(),
        usual.backOffFirstSeconds(),
        usual.backOffMaxSeconds(),
        usual.patienceSeconds(),
        stopSeconds,
        usual.allTiers(),
        usual.allTrackers());
  }

  void start() {
    isStarted = true;
    long now = Loop.nowNanos();
    announcers.forEach(announcer -> announcer.start(now));
    carryOut(now);
  }

  void completed() {
    long now = Loop.nowNanos();
    announcers.forEach(announcer -> announcer.completed(now));
    carryOut(now);
  }

  void wantPeers() {
    long now = Loop.nowNanos();
    announcers.forEach(announcer -> announcer.wantPeers(now));
    carryOut(now);
  }

  /** Tells the trackers that we leave; done when they have been told or time is up. */
  CompletableFuture<Void> stop() {
    isStarted = false;
    long now = Loop.nowNanos();
    stopped.complete(null);
    stopped = new CompletableFuture<>();
    announcers.forEach(announcer -> announcer.stop(now));
    carryOut(now);
    return stopped;
  }

  List<TrackerStatus> statuses() {
    return announcers.isEmpty() ? List.of() : announcers.getFirst().trackers();
  }

  private void advance() {
    long now = Loop.nowNanos();
    announcers.forEach(announcer -> announcer.advance(now));
    carryOut(now);
  }

  private void carryOut(long nowNanos) {
    long earliest = Machine.NEVER;
    boolean isStopped = true;
    for (var announcer : announcers) {
      for (var send = announcer.poll(); send != null; send = announcer.poll()) {
        announce(announcer, send);
      }
      earliest = Math.min(earliest, announcer.deadlineNanos());
      isStopped &= announcer.isStopped();
    }
    deadline.set(earliest, nowNanos);
    if (isStopped) {
      stopped.complete(null);
    }
  }

  private void announce(Announcer announcer, SendAnnounce send) {
    var url = send.trackerUrl();
    services
        .trackers()
        .announce(
            url,
            send.request(),
            loop,
            response -> {
              long now = Loop.nowNanos();
              switch (response) {
                case AnnounceReply reply -> onReply(announcer, url, reply, now);
                case TrackerFailure failure -> onFailure(announcer, url, failure, now);
                case ScrapeReply _ -> throw new IllegalStateException("not what was asked");
              }
              carryOut(now);
            });
  }

  private void onReply(Announcer announcer, String url, AnnounceReply reply, long nowNanos) {
    announcer.announced(url, reply, nowNanos);
    onEvent.accept(
        new TorrentEvent.TrackerAnswered(
            redacted(url),
            reply.peers().size(),
            reply.complete(),
            reply.incomplete(),
            reply.warning()));
    if (!reply.peers().isEmpty()) {
      onPeers.accept(reply.peers());
    }
  }

  private void onFailure(Announcer announcer, String url, TrackerFailure failure, long nowNanos) {
    announcer.failed(url, failure, nowNanos);
    onEvent.accept(new TorrentEvent.TrackerFailed(redacted(url), failure.reason()));
  }

  private static String redacted(String url) {
    try {
      return TrackerUrl.parse(url).redacted();
    } catch (IllegalArgumentException e) {
      return "malformed URL";
    }
  }

  void close() {
    deadline.cancel();
  }
}
