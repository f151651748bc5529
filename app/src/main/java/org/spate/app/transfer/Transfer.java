package org.spate.app.transfer;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoHash;
import org.spate.engine.TorrentEvent;
import org.spate.engine.TorrentHandle;
import org.spate.engine.TorrentStatus;

/**
 * One torrent of a command, from its check to its goal; while it is being asked for what a magnet
 * link leads to, that is part of the check.
 *
 * <pre>
 *   CHECKING -- get --> UNDER_WAY -- all there --> SEEDING -- goal reached --> DONE
 *       |  \-- seed, all there -------------------/
 *       +-- cannot begin; seed, not all there; broken at any time --> FAILED
 * </pre>
 */
public final class Transfer {
  /** What a command wants with a torrent. */
  public enum Role {
    GET,
    SEED
  }

  enum State {
    CHECKING,
    UNDER_WAY,
    SEEDING,
    DONE,
    FAILED
  }

  private final FileSelection selection;
  private final Role role;
  private final SeedingGoal goal;
  private final Report report;
  private final TorrentHandle torrent;
  private State state = State.CHECKING;
  private double checkedFraction;
  private long checkingSinceNanos;
  private long seedingSinceNanos;
  private @Nullable String lastProblem;

  Transfer(
      TorrentHandle torrent, FileSelection selection, Role role, SeedingGoal goal, Report report) {
    this.selection = selection;
    this.torrent = torrent;
    this.role = role;
    this.goal = goal;
    this.report = report;
  }

  public String name() {
    return torrent.name();
  }

  InfoHash infoHash() {
    return torrent.infoHash();
  }

  /** Bytes of its files; 0 while that is not known. */
  long dataLength() {
    return torrent.metainfo().map(metainfo -> metainfo.files().dataLength()).orElse(0L);
  }

  Role role() {
    return role;
  }

  boolean isEndless() {
    return goal instanceof SeedingGoal.Endless;
  }

  /** How much of a check that is under way has been done, from 0 to 1. */
  public double checkedFraction() {
    return checkedFraction;
  }

  /** How long that has taken so far. */
  Duration checkingTime() {
    return Duration.ofNanos(System.nanoTime() - checkingSinceNanos);
  }

  boolean isOver() {
    return state == State.DONE || state == State.FAILED;
  }

  boolean hasFailed() {
    return state == State.FAILED;
  }

  Report.Standing standing() {
    return new Report.Standing(this, torrent.status());
  }

  void onEvent(TorrentEvent event) {
    if (isOver()) {
      return;
    }
    switch (event) {
      case TorrentEvent.Checking(int checked, int total) -> {
        if (checkedFraction == 0) {
          checkingSinceNanos = System.nanoTime();
        }
        checkedFraction = (double) checked / total;
        report.event(this, event);
      }
      case TorrentEvent.MetadataRefused(var reason) -> fail(null, reason);
      case TorrentEvent.Ready(int done, int count) -> onReady(done, count);
      case TorrentEvent.Finished _ -> onFinished();
      case TorrentEvent.StorageFailed(var file, var problem) -> onStorageFailed(file, problem);
      case TorrentEvent.Broken(var problem) -> fail(null, "internal error: " + problem);
      case TorrentEvent.StorageRecovered _ -> {
        lastProblem = null;
        report.event(this, event);
      }
      case TorrentEvent.PieceCompleted _,
          TorrentEvent.PieceFailed _,
          TorrentEvent.WebSeedOpened _,
          TorrentEvent.WebSeedFailed _,
          TorrentEvent.WebSeedGone _,
          TorrentEvent.WebSeedBanned _,
          TorrentEvent.PeerConnected _,
          TorrentEvent.PeerGone _,
          TorrentEvent.PeerBanned _,
          TorrentEvent.MetadataComplete _,
          TorrentEvent.MetadataPoisoned _,
          TorrentEvent.TrackerAnswered _,
          TorrentEvent.TrackerFailed _,
          TorrentEvent.Paused _,
          TorrentEvent.Resumed _,
          TorrentEvent.Removed _ ->
          report.event(this, event);
    }
  }

  private void onReady(int done, int count) {
    if (state != State.CHECKING) {
      return; // a recheck after trouble with the disk
    }
    if (!isAnyWanted()) {
      fail(null, "no file matches " + selection);
      return;
    }
    report.started(standing());
    state = State.UNDER_WAY;
    if (role == Role.SEED && done < count) {
      fail(null, "incomplete: " + done + " of " + count + " pieces are here; get fetches the rest");
    } else if (role == Role.SEED) {
      torrent.resume();
      beginSeeding();
    }
  }

  /** Only now may it be known what files there are. */
  private boolean isAnyWanted() {
    return torrent
        .metainfo()
        .map(metainfo -> selection.priorities(metainfo.info()))
        .map(FileSelection::isAnyWanted)
        .orElse(true);
  }

  private void onFinished() {
    if (state == State.UNDER_WAY) {
      report.finished(standing());
      if (goal instanceof SeedingGoal.None) {
        end();
      } else {
        beginSeeding();
      }
    }
  }

  private void beginSeeding() {
    state = State.SEEDING;
    seedingSinceNanos = System.nanoTime();
    report.seeding(this);
  }

  /** Before anything has begun the user is there to mend it; afterwards the engine tries again. */
  private void onStorageFailed(String file, String problem) {
    if (state == State.CHECKING) {
      fail(file, problem);
    } else if (!Objects.equals(lastProblem, problem)) {
      lastProblem = problem;
      report.problem(this, file, problem, false);
    }
  }

  private void fail(@Nullable String file, String problem) {
    state = State.FAILED;
    report.problem(this, file, problem, true);
    torrent.pause();
  }

  /** Ends seeding when there was enough of it. */
  void tick(TorrentStatus status, long nowNanos) {
    if (state == State.SEEDING
        && goal.isReached(
            status.uploaded(),
            status.swarm().wantedBytes(),
            Duration.ofNanos(nowNanos - seedingSinceNanos))) {
      end();
    }
  }

  private void end() {
    state = State.DONE;
    torrent.pause();
  }
}
