package org.spate.engine;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.swarm.HashAnswers;
import org.spate.core.swarm.HashSource;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmEvent;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.wire.Payload;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Throttle;
import org.spate.engine.net.TokenBucket;
import org.spate.engine.storage.ResumeFacts;
import org.spate.engine.storage.StorageException;
import org.spate.engine.storage.StorageListener;
import org.spate.engine.storage.StorageOptions;
import org.spate.engine.storage.TorrentStorage;

/**
 * One torrent of a session, on its loop: brings storage, swarm and trackers together and decides
 * when the swarm runs. It does when storage is open and sound, nobody has paused it, and no recheck
 * is under way; {@link #settle} is the one place that says so.
 */
final class TorrentHost {
  private static final Logger LOG = LoggerFactory.getLogger(TorrentHost.class);

  private final Services services;
  private final Loop loop;
  private final Metainfo metainfo;
  private final TorrentHandle handle;
  private final TorrentOptions options;
  private final TokenBucket downLimit;
  private final TokenBucket upLimit;
  private final Announcements announcements;
  private final StorageTrouble trouble;
  private final Tally tally;
  private final SwarmTuning tuning;
  private @Nullable TorrentStorage storage;
  private @Nullable SwarmDriver driver;
  private @Nullable CompletableFuture<Void> rechecked;
  private byte[] priorities;
  private boolean sequential;
  private boolean isPaused;
  private boolean isHeld;
  private boolean isRechecking;
  private boolean isAnnouncing;
  private boolean isCompleting;
  private boolean isEnded;

  TorrentHost(
      Services services,
      Loop loop,
      Metainfo metainfo,
      TorrentOptions options,
      boolean isHeld,
      TorrentHandle handle) {
    this.services = services;
    this.loop = loop;
    this.metainfo = metainfo;
    this.handle = handle;
    this.options = options;
    this.isHeld = isHeld;
    this.isPaused = options.isPaused();
    this.sequential = options.sequential();
    this.downLimit = new TokenBucket(options.downLimit());
    this.upLimit = new TokenBucket(options.upLimit());
    this.tuning = new SwarmTuning(services, options, info().isPrivate(), upLimit);
    this.priorities = FileChoice.whole(info(), new byte[0]);
    this.trouble = new StorageTrouble(loop, new Retries());
    this.tally = new Tally(() -> services.network().port(), info().isPrivate());
    var trackers = options.trackers() == null ? metainfo.trackers() : options.trackers();
    this.announcements =
        new Announcements(
            services, loop, metainfo.infoHash(), trackers, tally, this::tell, this::onPeers);
  }

  private InfoDictionary info() {
    return metainfo.info();
  }

  private void tell(TorrentEvent event) {
    services.events().tell(handle, event);
  }

  /** Opens storage; all else follows from that. */
  void open() {
    loop.assertCurrent();
    var chosen = options.priorities();
    var storageOptions =
        new StorageOptions(
            options.overwrite(),
            options.recheck(),
            chosen == null ? null : FileChoice.skipped(chosen),
            StorageOptions.CHECKPOINT_NANOS,
            () -> tally.facts(priorities));
    var folder = options.folder() == null ? services.settings().downloadFolder() : options.folder();
    storage =
        services
            .storage()
            .open(info(), folder, services.states(), storageOptions, loop, new DiskAnswers());
  }

  /** Runs the swarm and announces, or not, as everything now stands. */
  private void settle() {
    boolean isWanted = driver != null && !isPaused && !isHeld && !isEnded;
    if (driver != null) {
      driver.run(isWanted && trouble.isNone() && !isRechecking);
    }
    if (isWanted != isAnnouncing) {
      isAnnouncing = isWanted;
      if (isWanted) {
        announcements.start();
      } else {
        announcements.stop();
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
    trouble.retryNow();
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

  void prioritize(byte[] chosen) {
    priorities = chosen;
    if (driver != null && storage != null) {
      storage.skip(FileChoice.skipped(chosen));
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
    downLimit.limit(down);
    upLimit.limit(up);
    limitsChanged();
  }

  void limitsChanged() {
    applySettings();
    if (driver != null) {
      driver.limitsChanged();
    }
  }

  private void applySettings() {
    if (driver != null) {
      driver.accept(new SwarmInput.SettingsChanged(tuning.settings(sequential)));
    }
  }

  void addPeers(PeerSource source, List<Endpoint> peers) {
    tally.heardOf(peers);
    if (driver != null && !peers.isEmpty()) {
      driver.accept(new SwarmInput.PeersFound(source, peers));
    }
  }

  private void onPeers(List<Endpoint> peers) {
    addPeers(PeerSource.TRACKER, peers);
  }

  void announceNow() {
    if (isAnnouncing) {
      announcements.wantPeers();
    }
  }

  /** Checks all pieces against the disk; not while storage has failed or is being opened. */
  CompletableFuture<Void> recheck() {
    if (driver == null || storage == null || !trouble.isNone() || isEnded) {
      return CompletableFuture.failedFuture(
          new TorrentException(
              TorrentException.Reason.STORAGE,
              "storage is not ready for a check",
              trouble.failure()));
    }
    if (rechecked == null) {
      rechecked = new CompletableFuture<>();
      isRechecking = true;
      tally.heardOfNeighbours();
      settle();
      storage.recheck(PieceSet.all(info().geometry().pieceCount()));
    }
    return rechecked;
  }

  /**
   * Leaves the swarm, tells the trackers, and ends storage.
   *
   * @param forget whether resume data are deleted
   * @param withFiles whether the files are, too
   */
  CompletableFuture<Void> end(boolean forget, boolean withFiles) {
    if (isEnded || storage == null) {
      return CompletableFuture.completedFuture(null);
    }
    tally.heardOfNeighbours();
    isEnded = true;
    trouble.close();
    if (driver != null) {
      services.network().expel(info().infoHash().swarms(), driver);
      driver.run(false);
    }
    isAnnouncing = false;
    var told = announcements.stop();
    var closed = forget ? storage.remove(withFiles) : storage.close();
    if (rechecked != null) {
      rechecked.completeExceptionally(handle.closedException());
    }
    handle.onEnded(handle.closedException());
    tell(new TorrentEvent.Removed());
    return CompletableFuture.allOf(told, closed);
  }

  // Snapshot

  TorrentStatus status() {
    var swarm =
        driver == null
            ? SwarmTuning.nothingKnown(info().geometry().pieceCount())
            : driver.swarm().status(Loop.nowNanos());
    var failure = trouble.failure();
    return new TorrentStatus(
        state(),
        swarm,
        tally.uploadedEver(),
        tally.downloadedEver(),
        failure == null ? null : failure.getMessage(),
        announcements.statuses());
  }

  private TorrentStatus.State state() {
    if (isEnded) {
      return TorrentStatus.State.ENDED;
    }
    if (!trouble.isNone()) {
      return TorrentStatus.State.FAILED;
    }
    if (driver == null || isRechecking) {
      return TorrentStatus.State.CHECKING;
    }
    boolean isFinished = driver.swarm().isFinished();
    return isPaused
        ? TorrentStatus.State.PAUSED
        : isFinished ? TorrentStatus.State.SEEDING : TorrentStatus.State.DOWNLOADING;
  }

  // The swarm

  /** Puts a swarm with these pieces in the place of the one that was, if there was one. */
  private void startSwarm(PieceSet have) {
    var disk = storage;
    if (disk == null) {
      throw new IllegalStateException("no storage");
    }
    int firstLink = 0;
    var banned = List.<Endpoint>of();
    if (driver != null) {
      banned = driver.swarm().banned();
      driver.run(false);
      services.network().expel(info().infoHash().swarms(), driver);
      firstLink = driver.nextLinkAfterAll();
    }
    var swarm =
        new Swarm(
            info().geometry(),
            have,
            tuning.settings(sequential),
            services.peerId(),
            new SplittableRandom(services.random().nextLong()),
            metainfo.infoHash().v2() == null ? HashSource.NONE : new HashAnswers(metainfo));
    tally.follow(swarm);
    driver =
        new SwarmDriver(
            services,
            loop,
            info(),
            new Throttle(downLimit, services.network().downLimit()),
            new Throttle(upLimit, services.network().upLimit()),
            disk,
            swarm,
            firstLink,
            new SwarmAnswers());
    driver.accept(new SwarmInput.PeersBanned(banned));
    if (!FileChoice.isAllNormal(priorities)) {
      driver.accept(new SwarmInput.PrioritiesChanged(FileChoice.ofPieces(info(), priorities)));
    }
    services.network().admit(info().infoHash().swarms(), driver);
    addPeers(PeerSource.RESUME, tally.peers());
    completeIfFinished();
  }

  private void onFinished(boolean isSeed) {
    if (isSeed && isAnnouncing) {
      announcements.completed();
    }
    completeIfFinished();
  }

  private void completeIfFinished() {
    if (driver != null && storage != null && driver.swarm().isFinished() && !isCompleting) {
      isCompleting = true;
      storage.complete();
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
      if (event instanceof SwarmEvent.Finished(boolean isSeed)) {
        loop.execute(() -> onFinished(isSeed));
      }
    }

    @Override
    public void onWantPeers() {
      if (isAnnouncing) {
        announcements.wantPeers();
      }
    }

    @Override
    public void onBroken(RuntimeException cause) {
      LOG.error("{} {}: broken, stopped", metainfo.infoHash(), metainfo.name(), cause);
      tell(new TorrentEvent.Broken(String.valueOf(cause)));
      handle.onEnded(
          new TorrentException(TorrentException.Reason.BROKEN, String.valueOf(cause), cause));
      end(false, false);
    }
  }

  // Storage

  /** What is done about storage that failed. */
  private final class Retries implements StorageTrouble.Listener {
    @Override
    public void onRetry(StorageException failure) {
      if (storage != null) {
        isRechecking = driver != null && failure.reason().isContentLost();
        storage.retry();
      }
    }

    @Override
    public boolean mayTrust() {
      return driver != null;
    }

    @Override
    public void onRecovered() {
      tell(new TorrentEvent.StorageRecovered());
      settle();
    }
  }

  /** What storage says. */
  private final class DiskAnswers implements StorageListener {
    @Override
    public void onOpened(PieceSet have, ResumeFacts resumed) {
      if (isEnded) {
        return;
      }
      tally.resume(resumed);
      var chosen = options.priorities() == null ? resumed.priorities() : options.priorities();
      priorities = FileChoice.whole(info(), chosen);
      startSwarm(have);
      addPeers(PeerSource.USER, options.peers());
      handle.onReady();
      tell(new TorrentEvent.Ready(have.size(), info().geometry().pieceCount()));
      trouble.recovered();
      settle();
    }

    @Override
    public void onChecking(int checked, int total) {
      tell(new TorrentEvent.Checking(checked, total));
    }

    @Override
    public void onVerified(int pieceIndex, boolean good, long @Nullable [] digests) {
      if (driver != null) {
        driver.onVerified(pieceIndex, good, digests);
      }
    }

    @Override
    public void onRead(int tag, int pieceIndex, int begin, Payload block) {
      if (driver == null) {
        block.release();
      } else {
        driver.accept(new SwarmInput.BlockRead(tag, pieceIndex, begin, block));
      }
    }

    @Override
    public void onRechecked(PieceSet checked, PieceSet good) {
      if (driver == null || isEnded) {
        return;
      }
      var have = driver.swarm().pieces();
      have.replace(checked, good);
      isRechecking = false;
      isCompleting = false;
      startSwarm(have);
      if (!have.isFull()) {
        handle.onUnfinished();
      }
      tell(new TorrentEvent.Ready(have.size(), have.pieceCount()));
      if (rechecked != null) {
        rechecked.complete(null);
        rechecked = null;
      }
      settle();
    }

    @Override
    public void onCompleted() {
      isCompleting = false;
      if (driver != null && driver.swarm().isFinished()) {
        tell(new TorrentEvent.Finished(driver.swarm().pieces().isFull()));
        handle.onFinished();
      }
    }

    @Override
    public void onFailed(StorageException e) {
      if (isEnded) {
        return;
      }
      LOG.warn("{}: {}", metainfo.name(), e.getMessage());
      trouble.failed(e);
      isRechecking = false;
      isCompleting = false;
      if (rechecked != null) {
        rechecked.completeExceptionally(handle.storageException(e));
        rechecked = null;
      }
      if (driver != null) {
        driver.accept(new SwarmInput.StorageFailed(String.valueOf(e.getMessage())));
        settle();
      }
      tell(new TorrentEvent.StorageFailed(e.file(), String.valueOf(e.getMessage())));
    }

    @Override
    public void onPressure(boolean pressed) {
      if (driver != null) {
        driver.onPressure(pressed);
      }
    }
  }
}
