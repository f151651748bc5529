package org.spate.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.PieceLayers;
import org.spate.core.swarm.MetadataSwarm;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmEvent;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmSettings;
import org.spate.engine.net.Loop;
import org.spate.engine.storage.ResumeFacts;
import org.spate.engine.storage.StorageException;
import org.spate.engine.storage.StorageOptions;

/**
 * One torrent of a session, on its loop: brings storage, swarm and trackers together and decides
 * when the swarm runs. It does when storage is open and sound, nobody has paused it, and no recheck
 * is under way; {@link #settle} is the one place that says so. A torrent that came by a magnet link
 * asks peers for its metadata first; the links of that time go on in the swarm.
 */
final class TorrentHost {
  private static final Logger LOG = LoggerFactory.getLogger(TorrentHost.class);

  private final Services services;
  private final Loop loop;
  private final TorrentHandle handle;
  private final TorrentOptions options;
  private final Discovery discovery;
  private final Tally tally;
  private final SwarmMaker maker;
  private Origin origin;
  private @Nullable SwarmDriver<MetadataSwarm> fetching;
  private @Nullable TorrentDisk disk;
  private @Nullable SwarmDriver<Swarm> driver;
  private byte[] priorities = new byte[0];
  private boolean sequential;
  private boolean isPaused;
  private boolean isHeld;
  private boolean isAnnouncing;
  private boolean isEnded;

  TorrentHost(
      Services services,
      Loop loop,
      Origin origin,
      TorrentOptions options,
      boolean isHeld,
      TorrentHandle handle) {
    this.services = services;
    this.loop = loop;
    this.origin = origin;
    this.handle = handle;
    this.options = options;
    this.isHeld = isHeld;
    this.isPaused = options.isPaused();
    this.sequential = options.sequential();
    this.maker = new SwarmMaker(services, loop, origin, options);
    this.tally = new Tally(maker::port, this::isPrivate);
    var trackers = options.trackers() == null ? origin.trackers() : options.trackers();
    this.discovery =
        new Discovery(
            services, loop, origin, trackers, tally, this::isQuiet, this::tell, this::addPeers);
  }

  private Metainfo metainfo() {
    var metainfo = origin.metainfo();
    if (metainfo == null) {
      throw new IllegalStateException("not known yet");
    }
    return metainfo;
  }

  private InfoDictionary info() {
    return metainfo().info();
  }

  private boolean isPrivate() {
    return origin.metainfo() != null && info().isPrivate();
  }

  /** The DHT and the local network are told of the session's port, which is none for TLS. */
  private boolean isQuiet() {
    return isPrivate() || maker.isSecured();
  }

  private void tell(TorrentEvent event) {
    services.events().tell(handle, event);
  }

  /** Opens storage, or asks peers what there is to store; all else follows from that. */
  void open() {
    loop.assertCurrent();
    if (origin.isIncomplete()) {
      fetch();
    } else {
      openStorage();
    }
  }

  private void openStorage() {
    var chosen = origin.chosen(options);
    priorities = FileChoice.whole(info(), chosen == null ? new byte[0] : chosen);
    var storageOptions =
        new StorageOptions(
            options.overwrite(),
            options.recheck(),
            chosen == null ? null : FileChoice.skipped(priorities),
            StorageOptions.CHECKPOINT_NANOS,
            () -> tally.facts(priorities));
    var folder = options.folder() == null ? services.settings().downloadFolder() : options.folder();
    var opening = new TorrentDisk(info(), loop, new DiskAnswers());
    disk = opening;
    opening.begin(
        services.storage().open(info(), folder, services.states(), storageOptions, loop, opening));
  }

  /** Runs the swarm and announces, or not, as everything now stands. */
  private void settle() {
    boolean isWanted = (driver != null || fetching != null) && !isPaused && !isHeld && !isEnded;
    if (fetching != null) {
      fetching.run(isWanted);
    }
    if (driver != null && disk != null) {
      driver.run(isWanted && disk.isSound());
    }
    if (isWanted != isAnnouncing) {
      isAnnouncing = isWanted;
      if (isWanted) {
        discovery.start();
      } else {
        discovery.stop();
      }
    }
  }

  // Commands

  void pause() {
    if (!isPaused && !isEnded) {
      isPaused = true;
      settle();
      tell(new TorrentEvent.Paused());
    }
  }

  void resume() {
    if (disk != null) {
      disk.retryNow();
    }
    if (isPaused && !isEnded) {
      isPaused = false;
      settle();
      tell(new TorrentEvent.Resumed());
    }
  }

  /** The session lets its torrents use the network. */
  void release() {
    isHeld = false;
    applySettings(); // the listen port is known by now
    settle();
  }

  /** Peers reach us at another port than so far. */
  void portChanged() {
    applySettings();
    discovery.portChanged();
  }

  void prioritize(byte[] chosen) {
    priorities = chosen;
    if (driver != null && disk != null) {
      disk.skip(FileChoice.skipped(chosen));
      driver.accept(new SwarmInput.PrioritiesChanged(FileChoice.ofPieces(info(), chosen)));
      if (!driver.swarm().isFinished()) {
        handle.onUnfinished();
      }
    }
  }

  void sequential(boolean inOrder) {
    sequential = inOrder;
    applySettings();
  }

  void limit(long down, long up) {
    maker.limit(down, up);
    limitsChanged();
  }

  void limitsChanged() {
    applySettings();
    var current = current();
    if (current != null) {
      current.limitsChanged();
    }
  }

  private void applySettings() {
    accept(new SwarmInput.SettingsChanged(settings()));
  }

  private SwarmSettings settings() {
    var known = origin.metainfo();
    long length = known == null ? 0 : known.geometry().totalLength();
    return maker.settings(sequential, isPrivate(), length);
  }

  void addPeers(PeerSource source, List<Endpoint> peers) {
    tally.heardOf(peers);
    if (!peers.isEmpty()) {
      accept(new SwarmInput.PeersFound(source, peers));
    }
  }

  /** Whoever leads the links now. */
  private @Nullable SwarmDriver<?> current() {
    return driver != null ? driver : fetching;
  }

  private void accept(SwarmInput input) {
    var current = current();
    if (current != null) {
      current.accept(input);
    }
  }

  void announceNow() {
    if (isAnnouncing) {
      discovery.wantPeers();
    }
  }

  /** Checks all pieces against the disk; not while storage has failed or is being opened. */
  CompletableFuture<Void> recheck() {
    tally.heardOfNeighbours();
    var rechecked = disk == null ? null : disk.recheck();
    settle();
    return rechecked == null
        ? CompletableFuture.failedFuture(
            new TorrentException(
                TorrentException.Reason.STORAGE,
                "storage is not ready for a check",
                disk == null ? null : disk.failure()))
        : rechecked;
  }

  /**
   * Leaves the swarm, tells the trackers, and ends storage.
   *
   * @param forget whether resume data are deleted
   * @param withFiles whether the files are, too
   */
  CompletableFuture<Void> end(boolean forget, boolean withFiles) {
    if (isEnded) {
      return CompletableFuture.completedFuture(null);
    }
    tally.heardOfNeighbours();
    isEnded = true;
    var current = current();
    if (current != null) {
      services.network().expel(origin.infoHash().swarms(), current);
      current.run(false);
    }
    isAnnouncing = false;
    var told = discovery.stop();
    var closed =
        disk == null
            ? CompletableFuture.<Void>completedFuture(null)
            : disk.end(forget, withFiles, handle.closedException());
    if (forget) {
      closed = closed.thenCompose(_ -> services.onDisk(this::forgetMetadata));
    }
    handle.onEnded(handle.closedException());
    tell(new TorrentEvent.Removed());
    return CompletableFuture.allOf(told, closed, maker.endRecording());
  }

  private void forgetMetadata() {
    services.states().metadata().forget(origin.infoHash());
  }

  TorrentStatus status() {
    var failure = disk == null ? null : disk.failure();
    return new TorrentStatus(
        state(),
        SwarmMaker.status(origin, fetching, driver),
        tally.uploadedEver(),
        tally.downloadedEver(),
        failure == null ? null : failure.getMessage(),
        discovery.statuses());
  }

  private TorrentStatus.State state() {
    if (isEnded) {
      return TorrentStatus.State.ENDED;
    }
    if (disk != null && disk.isFailing()) {
      return TorrentStatus.State.FAILED;
    }
    if (driver == null || disk == null) {
      return disk != null
          ? TorrentStatus.State.CHECKING
          : isPaused ? TorrentStatus.State.PAUSED : TorrentStatus.State.FETCHING_METADATA;
    }
    if (disk.isRechecking()) {
      return TorrentStatus.State.CHECKING;
    }
    boolean isFinished = driver.swarm().isFinished();
    return isPaused
        ? TorrentStatus.State.PAUSED
        : isFinished ? TorrentStatus.State.SEEDING : TorrentStatus.State.DOWNLOADING;
  }

  private void fetch() {
    fetching = maker.fetching(origin, settings(), new SwarmAnswers());
    services.network().admit(origin.infoHash().swarms(), fetching);
    settle();
    addPeers(PeerSource.USER, options.peers());
  }

  private void onMetadata(InfoDictionary info, PieceLayers layers) {
    if (isEnded) {
      return;
    }
    var complete = origin.complete(info, layers);
    var found = complete.metainfo();
    if (found == null || !handle.claim(info.infoHash())) {
      refuse(TorrentException.Reason.DUPLICATE, info.name() + " is in the session already");
      return;
    }
    origin = complete;
    discovery.identify(info.infoHash());
    LOG.debug("{}: metadata of {} bytes", info.infoHash(), info.rawBytes().length);
    var saved = services.onDisk(() -> services.states().metadata().save(found));
    handle.onMetadata(complete, found, saved);
    tell(new TorrentEvent.MetadataComplete(found));
    if (options.metadataOnly()) {
      pause();
    } else {
      openStorage();
    }
  }

  private void refuse(TorrentException.Reason kind, String reason) {
    tell(new TorrentEvent.MetadataRefused(reason));
    handle.onEnded(new TorrentException(kind, reason, null));
    end(false, false);
  }

  /** Puts a swarm with these pieces in the place of the one that was, if there was one. */
  private void startSwarm(PieceSet have) {
    if (disk == null) {
      throw new IllegalStateException("no storage");
    }
    var before = current();
    var banned = driver == null ? List.<Endpoint>of() : driver.swarm().banned();
    if (before != null) {
      if (before == driver) {
        before.run(false);
      }
      services.network().expel(info().infoHash().swarms(), before);
    }
    driver = maker.swarm(metainfo(), have, settings(), disk.storage(), before, new SwarmAnswers());
    tally.follow(driver.swarm());
    driver.accept(new SwarmInput.PeersBanned(banned));
    if (!FileChoice.isAllNormal(priorities)) {
      driver.accept(new SwarmInput.PrioritiesChanged(FileChoice.ofPieces(info(), priorities)));
    }
    services.network().admit(info().infoHash().swarms(), driver);
    if (fetching != null) {
      driver.run(fetching.isRunning());
      driver.inherit(fetching);
      fetching = null;
    }
    addPeers(PeerSource.RESUME, tally.peers());
    completeIfFinished();
  }

  private void onFinished(boolean isSeed) {
    if (isSeed && isAnnouncing) {
      discovery.completed();
    }
    completeIfFinished();
  }

  private void completeIfFinished() {
    if (driver != null && disk != null && driver.swarm().isFinished()) {
      disk.complete();
    }
  }

  /** What the swarm says. */
  private final class SwarmAnswers implements SwarmDriver.Listener {
    @Override
    public void onSwarmEvent(SwarmEvent event) {
      var told = TorrentEvent.of(event);
      if (told != null) {
        tell(told);
      }
      switch (event) {
        case SwarmEvent.Finished(boolean isSeed) -> loop.execute(() -> onFinished(isSeed));
        case SwarmEvent.MetadataFound(var info, var layers) ->
            loop.execute(() -> onMetadata(info, layers));
        case SwarmEvent.MetadataRefused(var reason) ->
            loop.execute(() -> refuse(TorrentException.Reason.METADATA, reason));
        default -> {}
      }
    }

    @Override
    public DhtPresence dht() {
      return discovery.dht();
    }

    @Override
    public void onWantPeers() {
      announceNow();
    }

    @Override
    public void onBroken(RuntimeException cause) {
      LOG.error("{} {}: broken, stopped", origin.infoHash(), origin.name(), cause);
      tell(new TorrentEvent.Broken(String.valueOf(cause)));
      handle.onEnded(
          new TorrentException(TorrentException.Reason.BROKEN, String.valueOf(cause), cause));
      end(false, false);
    }
  }

  /** What storage says. */
  private final class DiskAnswers implements TorrentDisk.Host {
    @Override
    public @Nullable SwarmDriver<Swarm> swarm() {
      return driver;
    }

    @Override
    public void onOpened(PieceSet have, ResumeFacts resumed) {
      tally.resume(resumed);
      if (origin.chosen(options) == null) {
        priorities = FileChoice.whole(info(), resumed.priorities());
      }
      startSwarm(have);
      addPeers(PeerSource.USER, options.peers());
      handle.onReady();
      tell(new TorrentEvent.Ready(have.size(), info().geometry().pieceCount()));
      if (disk != null) {
        disk.recovered();
      }
      settle();
    }

    @Override
    public void onChecking(int checked, int total) {
      tell(new TorrentEvent.Checking(checked, total));
    }

    @Override
    public void onRechecked(PieceSet have) {
      startSwarm(have);
      if (!have.isFull()) {
        handle.onUnfinished();
      }
      tell(new TorrentEvent.Ready(have.size(), have.pieceCount()));
      settle();
    }

    @Override
    public void onCompleted() {
      if (driver != null && driver.swarm().isFinished()) {
        tell(new TorrentEvent.Finished(driver.swarm().pieces().isFull()));
        handle.onFinished();
      }
    }

    @Override
    public void onFailed(StorageException e) {
      LOG.warn("{}: {}", origin.name(), e.getMessage());
      settle();
      tell(new TorrentEvent.StorageFailed(e.file(), String.valueOf(e.getMessage())));
    }

    @Override
    public void onRecovered() {
      tell(new TorrentEvent.StorageRecovered());
      settle();
    }
  }
}
