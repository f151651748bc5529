package org.spate.engine;

import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.wire.Payload;
import org.spate.engine.net.Loop;
import org.spate.engine.storage.ResumeFacts;
import org.spate.engine.storage.StorageException;
import org.spate.engine.storage.StorageListener;
import org.spate.engine.storage.TorrentStorage;

/**
 * The storage of one torrent as its host sees it: whether it is sound, what is being rechecked, and
 * what it says to the swarm.
 */
final class TorrentDisk implements StorageListener, StorageTrouble.Listener {

  /** Who is told. */
  interface Host {
    /** What is there is known. */
    void onOpened(PieceSet have, ResumeFacts resumed);

    /** What is there has been looked at anew; a new swarm begins with it. */
    void onRechecked(PieceSet have);

    /** All that is wanted is stored and safe. */
    void onCompleted();

    void onFailed(StorageException failure);

    /** It works again. */
    void onRecovered();

    /** The swarm, or null before there is one. */
    @Nullable SwarmDriver<Swarm> swarm();

    void onChecking(int checked, int total);
  }

  private final InfoDictionary info;
  private final Host host;
  private final StorageTrouble trouble;
  private @Nullable TorrentStorage storage;
  private @Nullable CompletableFuture<Void> rechecked;
  private boolean isRechecking;
  private boolean isCompleting;
  private boolean isEnded;

  TorrentDisk(InfoDictionary info, Loop loop, Host host) {
    this.info = info;
    this.host = host;
    this.trouble = new StorageTrouble(loop, this);
  }

  /** To be called once, before anything else. */
  void begin(TorrentStorage opening) {
    storage = opening;
  }

  TorrentStorage storage() {
    if (storage == null) {
      throw new IllegalStateException("no storage");
    }
    return storage;
  }

  /** Whether a swarm may use it. */
  boolean isSound() {
    return trouble.isNone() && !isRechecking;
  }

  boolean isFailing() {
    return !trouble.isNone();
  }

  boolean isRechecking() {
    return isRechecking;
  }

  @Nullable StorageException failure() {
    return trouble.failure();
  }

  void retryNow() {
    trouble.retryNow();
  }

  /** It has shown that it works. */
  void recovered() {
    trouble.recovered();
  }

  void skip(BitSet files) {
    storage().skip(files);
  }

  /** Checks all pieces; null if that cannot be now. */
  @Nullable CompletableFuture<Void> recheck() {
    if (host.swarm() == null || !trouble.isNone() || isEnded) {
      return null;
    }
    if (rechecked == null) {
      rechecked = new CompletableFuture<>();
      isRechecking = true;
      storage().recheck(PieceSet.all(info.geometry().pieceCount()));
    }
    return rechecked;
  }

  /** All that is wanted has been verified: makes it safe. */
  void complete() {
    if (!isCompleting) {
      isCompleting = true;
      storage().complete();
    }
  }

  /**
   * Ends it.
   *
   * @param forget whether resume data are deleted
   * @param withFiles whether the files are, too
   */
  CompletableFuture<Void> end(boolean forget, boolean withFiles, TorrentException reason) {
    isEnded = true;
    trouble.close();
    if (rechecked != null) {
      rechecked.completeExceptionally(reason);
    }
    return forget ? storage().remove(withFiles) : storage().close();
  }

  // Trouble

  @Override
  public void onRetry(StorageException failure) {
    isRechecking = host.swarm() != null && failure.reason().isContentLost();
    storage().retry();
  }

  @Override
  public boolean mayTrust() {
    return host.swarm() != null;
  }

  @Override
  public void onRecovered() {
    host.onRecovered();
  }

  // What storage says

  @Override
  public void onOpened(PieceSet have, ResumeFacts resumed) {
    if (!isEnded) {
      host.onOpened(have, resumed);
    }
  }

  @Override
  public void onChecking(int checked, int total) {
    host.onChecking(checked, total);
  }

  @Override
  public void onVerified(int pieceIndex, boolean good, long @Nullable [] digests) {
    var swarm = host.swarm();
    if (swarm != null) {
      swarm.onVerified(pieceIndex, good, digests);
    }
  }

  @Override
  public void onBlockFailed(int pieceIndex, int begin) {
    var swarm = host.swarm();
    if (swarm != null) {
      swarm.accept(new SwarmInput.BlockFailed(pieceIndex, begin));
    }
  }

  @Override
  public void onRead(int tag, int pieceIndex, int begin, Payload block) {
    var swarm = host.swarm();
    if (swarm == null) {
      block.release();
    } else {
      swarm.accept(new SwarmInput.BlockRead(tag, pieceIndex, begin, block));
    }
  }

  @Override
  public void onRechecked(PieceSet checked, PieceSet good) {
    var swarm = host.swarm();
    if (swarm == null || isEnded) {
      return;
    }
    var have = swarm.swarm().pieces();
    have.replace(checked, good);
    isRechecking = false;
    isCompleting = false;
    var asked = rechecked;
    rechecked = null;
    host.onRechecked(have);
    if (asked != null) {
      asked.complete(null);
    }
  }

  @Override
  public void onCompleted() {
    isCompleting = false;
    host.onCompleted();
  }

  @Override
  public void onFailed(StorageException e) {
    if (isEnded) {
      return;
    }
    trouble.failed(e);
    isRechecking = false;
    isCompleting = false;
    if (rechecked != null) {
      rechecked.completeExceptionally(TorrentException.storage(e));
      rechecked = null;
    }
    var swarm = host.swarm();
    if (swarm != null) {
      swarm.accept(new SwarmInput.StorageFailed(String.valueOf(e.getMessage())));
    }
    host.onFailed(e);
  }

  @Override
  public void onPressure(boolean pressed) {
    var swarm = host.swarm();
    if (swarm != null) {
      swarm.onPressure(pressed);
    }
  }
}
