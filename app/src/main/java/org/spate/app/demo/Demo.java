package org.spate.app.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.spate.app.transfer.Interruption;
import org.spate.app.transfer.Mailbox;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.TorrentEvent;
import org.spate.engine.TorrentHandle;
import org.spate.engine.TorrentOptions;
import org.spate.engine.storage.TorrentCreator;
import org.spate.engine.storage.TorrentVerifier;
import org.spate.tracker.Tracker;
import org.spate.tracker.TrackerSettings;

/**
 * A flash crowd on loopback: a tracker, a seed, and leechers that all begin at once. Uploads are
 * limited as they are on access links, so that what the swarm does can be seen, and compared with
 * the least time possible. The caller's thread owns it.
 */
public final class Demo {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private final DemoSettings settings;
  private final DemoReport report;
  private final Mailbox mailbox = new Mailbox();
  private final Map<TorrentHandle, Participant> participants = new LinkedHashMap<>();
  private long startNanos;
  private boolean isInterrupted;

  public Demo(DemoSettings settings, DemoReport report) {
    this.settings = settings;
    this.report = report;
  }

  /**
   * Shows it; when this returns nothing is left of it.
   *
   * @return empty if it was interrupted
   * @throws DemoException if it cannot go on
   * @throws org.spate.core.metainfo.MetainfoException if the file makes no torrent
   */
  public Optional<DemoResult> run() throws IOException, InterruptedException {
    try (var _ = Interruption.listen(() -> mailbox.execute(() -> isInterrupted = true))) {
      Optional<DemoResult> result;
      try (var room = DemoFolder.make()) {
        result = run(room);
      }
      result.ifPresentOrElse(report::result, report::interrupted);
      return result;
    }
  }

  private Optional<DemoResult> run(DemoFolder room) throws IOException, InterruptedException {
    var given = settings.file();
    long size = given == null ? settings.sizeBytes() : 0;
    room.requireSpace(size * (settings.peerCount() + 1));
    var payload = given == null ? room.folder("seed").resolve("demo.bin") : given.toRealPath();
    if (given == null) {
      DemoFolder.writeNoise(payload, size);
    }
    var torrent = torrent(payload);
    if (given != null) {
      room.requireSpace(torrent.files().dataLength() * settings.peerCount());
    }
    spread(room, torrent, parent(payload));
    return isInterrupted ? Optional.empty() : Optional.of(result(torrent));
  }

  private static Path parent(Path payload) {
    var parent = payload.getParent();
    if (parent == null) {
      throw new DemoException(payload + " cannot be shared");
    }
    return parent;
  }

  private static Metainfo torrent(Path payload) {
    var options =
        CreationOptions.of(
            String.valueOf(payload.getFileName()), Files.isRegularFile(payload), TorrentFormat.V1);
    return MetainfoParser.parse(TorrentCreator.create(payload, options, THREADS, (_, _) -> {}));
  }

  /** Brings the swarm together and returns when everybody has it all. */
  private void spread(DemoFolder room, Metainfo torrent, Path seedFolder)
      throws IOException, InterruptedException {
    var anywhere = List.of(new InetSocketAddress(LOOPBACK, 0));
    try (var tracker = Tracker.start(TrackerSettings.on(anywhere, List.of()))) {
      int port = tracker.httpAddresses().getFirst().getPort();
      var options =
          TorrentOptions.DEFAULT.withTrackers(
              List.of(List.of("http://127.0.0.1:" + port + "/announce")));
      try {
        join(room, "seed", seedFolder, settings.seedUpRate(), torrent, options);
        for (int i = 1; i <= settings.peerCount(); i++) {
          join(room, "peer " + i, room.folder("peer" + i), settings.upRate(), torrent, options);
        }
        watch(torrent);
      } finally {
        leave();
      }
    }
  }

  /** All at once: each has trackers to tell and files to save. */
  private void leave() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      participants.values().forEach(one -> threads.execute(one::close));
    }
  }

  private void join(
      DemoFolder room, String name, Path folder, long up, Metainfo torrent, TorrentOptions options)
      throws IOException {
    var session =
        Session.open(
            SessionSettings.in(folder)
                .stateFolder(room.folder("state").resolve(name))
                .bind(LOOPBACK)
                .port(0)
                .loops(1)
                .limits(0, up)
                .closeTimeout(CLOSE_TIMEOUT)
                .eventExecutor(mailbox)
                .held()
                .build());
    session.listen(this::onEvent);
    var handle = session.add(torrent, options);
    participants.put(handle, new Participant(name, folder, session, handle));
  }

  private void watch(Metainfo torrent) throws InterruptedException {
    while (!isInterrupted && !participants.values().stream().allMatch(Participant::isReady)) {
      mailbox.workUntil(System.nanoTime() + TICK_NANOS);
    }
    report.started(torrent, settings);
    startNanos = System.nanoTime();
    participants.values().forEach(Participant::start);
    long tickNanos = startNanos;
    while (!isInterrupted && !leechers().stream().allMatch(Participant::isComplete)) {
      mailbox.workUntil(tickNanos);
      long nowNanos = System.nanoTime();
      if (nowNanos - tickNanos >= 0) {
        look(nowNanos);
        tickNanos = nowNanos + TICK_NANOS;
      }
    }
    look(System.nanoTime());
  }

  private void look(long nowNanos) {
    var seed = participants.values().iterator().next();
    var sights = new ArrayList<DemoReport.Sight>();
    for (var one : participants.values()) {
      double seconds = one.isComplete() && one != seed ? one.completeSeconds() : -1;
      sights.add(new DemoReport.Sight(one.name(), one == seed, one.look(), seconds));
    }
    report.progress(sights, nowNanos);
  }

  private List<Participant> leechers() {
    return participants.values().stream().skip(1).toList();
  }

  private void onEvent(TorrentHandle torrent, TorrentEvent event) {
    var who = participants.get(torrent);
    if (who == null) {
      throw new IllegalStateException("an event of " + torrent);
    }
    switch (event) {
      case TorrentEvent.Ready _ -> who.ready();
      case TorrentEvent.Finished _ -> {
        long nanos = System.nanoTime() - startNanos;
        if (who.isReady() && !who.isComplete()) {
          who.complete(nanos);
          if (leechers().contains(who)) {
            report.complete(who.name(), who.completeSeconds());
          }
        }
      }
      case TorrentEvent.StorageFailed(_, var problem) ->
          throw new DemoException(who.name() + ": " + problem);
      case TorrentEvent.Broken(var problem) ->
          throw new DemoException(who.name() + ": internal error: " + problem);
      default -> {}
    }
  }

  /** Reads every copy from the disk and hashes it. */
  private DemoResult result(Metainfo torrent) {
    report.checking();
    var copies = new ArrayList<DemoResult.Copy>();
    try (var pool = Executors.newFixedThreadPool(THREADS)) {
      for (var one : leechers()) {
        var good =
            TorrentVerifier.verify(torrent.info(), one.folder(), pool, THREADS, (_, _) -> {})
                .join();
        copies.add(
            new DemoResult.Copy(one.name(), one.completeSeconds(), one.sentBytes(), good.isFull()));
      }
    }
    long seedSent = participants.values().iterator().next().sentBytes();
    return DemoResult.of(
        settings, torrent.files().dataLength(), torrent.geometry().pieceLength(), seedSent, copies);
  }
}
