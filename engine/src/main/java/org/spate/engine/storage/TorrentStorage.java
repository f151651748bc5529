package org.spate.engine.storage;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;
import org.spate.core.wire.Payload;

/**
 * One torrent's storage as its event loop sees it: nothing here blocks, and answers come later, to
 * the {@link StorageListener}, on the loop.
 *
 * <p>The life of a block: {@link #write} keeps it in a {@link PieceAssembly}, where it is hashed
 * when its turn comes; {@link #verify} ends the assembly, and a {@link Verification} stores the
 * piece if it is good. Verified pieces are noted in a journal at once and claimed in the resume
 * data at the next {@link Checkpoint}, once they have been forced to disk.
 */
public final class TorrentStorage {
  private final StorageService service;
  private final InfoDictionary info;
  private final StateFolder states;
  private final StorageOptions options;
  private final Executor loop;
  private final StorageListener listener;
  private final TargetFolder folder;
  private final TorrentFiles files;
  private final DiskQueue disk;
  private final Rechecks rechecks;
  private final BlockReads reads;
  private final PieceSet stored;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private WriteCache.@Nullable Share share; // these three are there once it is open
  private @Nullable Assemblies assemblies;
  private @Nullable Checkpoint checkpoint;
  private volatile @Nullable TorrentState state;
  private @Nullable StorageException failure;
  private Outcome outcome = new Outcome();
  private int verifying;
  private boolean closed;

  TorrentStorage(
      StorageService service,
      InfoDictionary info,
      Path folder,
      StateFolder states,
      StorageOptions options,
      Executor loop,
      StorageListener listener) {
    this.service = service;
    this.info = info;
    this.states = states;
    this.options = options;
    this.loop = loop;
    this.listener = listener;
    var filesHost = service.host(folder);
    this.folder = filesHost.folder();
    this.files = new TorrentFiles(info, filesHost);
    this.disk = new DiskQueue(service.diskPool(), e -> loop.execute(() -> onStalled(e)));
    this.rechecks =
        new Rechecks(
            service,
            info,
            this.folder,
            files,
            new Rechecks.Host(this::post, listener, this::onFailed));
    this.reads =
        new BlockReads(
            info.geometry(),
            files,
            service.diskPool(),
            new BlockReads.Host(loop, () -> closed, listener, e -> post(() -> onFailed(e))));
    this.stored = new PieceSet(info.geometry().pieceCount());
  }

  private void post(Runnable answer) {
    loop.execute(
        () -> {
          if (!closed) {
            answer.run();
          }
        });
  }

  // Opening

  void open() {
    disk.add(orFail(this::look));
  }

  /** Work on the disk's thread whose failure is told and does not stall what comes behind it. */
  private DiskQueue.Task orFail(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (StorageException e) {
        post(() -> onFailed(e));
      }
    };
  }

  private void look() {
    var mine = state;
    if (mine == null) {
      mine = states.torrent(info, service.layer());
      state = mine;
    }
    var known = mine;
    var opening = new Opening(info, files, folder, known, options);
    opening.look();
    if (opening.suspects().isEmpty()) {
      finishOpening(opening, known, opening.suspects());
    } else {
      post(() -> check(opening, known));
    }
  }

  private void check(Opening opening, TorrentState known) {
    rechecks.start(
        opening.suspects(),
        (_, good) -> disk.add(orFail(() -> finishOpening(opening, known, good))));
  }

  private void finishOpening(Opening opening, TorrentState known, PieceSet good) {
    opening.refuseForeignFiles(good);
    var have = opening.trusted().copy();
    have.addAll(good);
    var host = new Checkpoint.Host(loop, service.diskPool(), options, e -> post(() -> onFailed(e)));
    var checkpoints = new Checkpoint(files, folder, known, stored, host);
    if (opening.isFirst()) {
      // From now on files of these names are ours, also after a crash.
      checkpoints.save(new PieceSet(have.pieceCount()), opening.facts());
    }
    post(() -> onOpened(have, opening.facts(), known, checkpoints));
  }

  private void onOpened(
      PieceSet have, ResumeFacts facts, TorrentState known, Checkpoint checkpoints) {
    stored.addAll(have);
    checkpoint = checkpoints;
    var mine = service.cache().join(new CacheMember());
    share = mine;
    beginAssemblies(known, mine);
    scheduleCheckpoint();
    listener.onOpened(have, facts);
  }

  private void beginAssemblies(TorrentState known, WriteCache.Share mine) {
    var host = new Verification.Host(files, known, disk, mine, outcome);
    assemblies = new Assemblies(info, service.hashPool(), service.cache(), host);
  }

  /** Drops what is unfinished; that a piece of it is bad says nothing of what comes from now on. */
  private void giveUpUnfinished() {
    if (assemblies != null && state != null && share != null) {
      assemblies.dropAll();
      outcome.isStale = true;
      outcome = new Outcome();
      beginAssemblies(state, share);
    }
  }

  private Assemblies assemblies() {
    if (assemblies == null) {
      throw new IllegalStateException("not open");
    }
    return assemblies;
  }

  // Blocks

  /**
   * Keeps a block of a piece that is being assembled, and owns it from now on. A block that is
   * there already is let go.
   *
   * @param block a {@link BufferPayload}
   * @throws IllegalArgumentException if the numbers do not name a block (the caller's fault)
   */
  public void write(int pieceIndex, int begin, Payload block) {
    if (!(block instanceof BufferPayload bytes)
        || !info.geometry().isBlock(pieceIndex, begin, block.length())) {
      throw new IllegalArgumentException("no block of this torrent");
    }
    if (closed) {
      block.release();
    } else {
      assemblies().add(pieceIndex, begin, bytes);
    }
  }

  /**
   * Checks a piece of which all blocks were handed over, stores it if it is good, and answers
   * {@link StorageListener#onVerified}.
   */
  public void verify(int pieceIndex, boolean wantDigests) {
    verifying++;
    assemblies().verify(pieceIndex, wantDigests);
  }

  private final class Outcome implements Verification.Outcome {
    private boolean isStale; // what was wrong with these pieces was given up; on the loop

    @Override
    public void verified(int pieceIndex, boolean good, long @Nullable [] digests) {
      loop.execute(
          () -> {
            if (good || !isStale) {
              onVerified(pieceIndex, good, digests);
            }
            endVerification();
          });
    }

    @Override
    public void corrupt(StorageException cause) {
      abandoned();
      report(cause);
    }

    @Override
    public void abandoned() {
      loop.execute(TorrentStorage.this::endVerification);
    }
  }

  private void onVerified(int pieceIndex, boolean good, long @Nullable [] digests) {
    if (good) {
      stored.add(pieceIndex);
    }
    if (!closed) {
      if (good) {
        scheduleCheckpoint();
      }
      listener.onVerified(pieceIndex, good, digests);
    }
  }

  private void endVerification() {
    verifying--;
    endIfIdle();
  }

  /**
   * Checks each block of a piece by its own hash of 32 bytes (BEP 52) as it comes. One that is
   * wrong is let go and told to {@link StorageListener#onBlockFailed}, before any verdict.
   */
  public void expect(int pieceIndex, byte[] leaves) {
    var mine = assemblies();
    mine.expect(
        pieceIndex,
        leaves,
        wrong ->
            post(
                () -> {
                  if (mine == assemblies) {
                    listener.onBlockFailed(pieceIndex, mine.takeOut(wrong));
                  }
                }));
  }

  /** Hashes the blocks of a piece that is stored; answered on the loop. */
  public void hashLeaves(int pieceIndex, Consumer<byte[]> answer) {
    reads.hashLeaves(pieceIndex, leaves -> post(() -> answer.accept(leaves)));
  }

  /**
   * Makes part of a piece that is stored ready to be sent; answered by {@link
   * StorageListener#onRead} under the same tag.
   */
  public void read(int tag, int pieceIndex, int begin, int length) {
    assemblies();
    reads.read(tag, pieceIndex, begin, length);
  }

  // Memory

  private final class CacheMember implements WriteCache.Member {
    @Override
    public void onCrowded() {
      post(() -> assemblies().writeEarly());
    }

    @Override
    public void onPressure(boolean pressed) {
      post(() -> listener.onPressure(pressed));
    }
  }

  // Failure

  /**
   * A block that was read as a region turned out not to be there; the listener is told as usual.
   */
  public void report(StorageException cause) {
    post(() -> onFailed(cause));
  }

  private void onStalled(StorageException e) {
    if (closed) {
      disk.close();
    } else {
      onFailed(e);
    }
  }

  private void onFailed(StorageException e) {
    boolean isFirst = failure == null;
    if (isFirst || e.reason().isContentLost()) {
      failure = e;
    }
    if (share != null) {
      share.setAside(true);
    }
    giveUpUnfinished();
    if (isFirst) {
      listener.onFailed(e);
    }
  }

  /**
   * Goes on after a failure: what waits to be written is tried again; if content was lost, the
   * pieces of the files concerned are checked first, which is told by {@link
   * StorageListener#onRechecked}; if opening failed, it begins again.
   */
  public void retry() {
    var before = failure;
    failure = null;
    if (assemblies == null) {
      open();
    } else if (before != null && before.reason().isContentLost()) {
      recheck(new PieceSet(stored.pieceCount()));
    } else {
      resumeWriting();
    }
  }

  /** Checks these pieces, and those that were stored in files which somebody touched. */
  private void recheck(PieceSet wanted, PieceSet touched) {
    var pieces = wanted.copy();
    for (int i = touched.nextCommon(stored, 0); i >= 0; i = touched.nextCommon(stored, i + 1)) {
      pieces.add(i);
    }
    rechecks.start(pieces, this::onRechecked);
  }

  private void resumeWriting() {
    if (share != null) {
      share.setAside(false);
    }
    disk.retry();
  }

  /**
   * Checks pieces against what is on disk now; answered by {@link StorageListener#onRechecked}.
   * Blocks of unfinished pieces are forgotten, those of all pieces.
   */
  public void recheck(PieceSet pieces) {
    assemblies();
    giveUpUnfinished();
    var copy = pieces.copy();
    rechecks.lookAgain(touched -> recheck(copy, touched));
  }

  private void onRechecked(PieceSet pieces, PieceSet good) {
    stored.replace(pieces, good);
    checkpoint();
    listener.onRechecked(pieces, good);
    if (failure == null) {
      resumeWriting();
    }
  }

  // Resume data and the end

  /** Forces what is written to disk and saves the resume data, soon. */
  public void checkpoint() {
    if (checkpoint != null) {
      checkpoint.begin();
    }
  }

  private void scheduleCheckpoint() {
    if (checkpoint != null) {
      checkpoint.schedule();
    }
  }

  /** Changes which files are wanted; the pieces of the others keep what is stored of them. */
  public void skip(BitSet skipped) {
    var copy = (BitSet) skipped.clone();
    disk.add(
        () -> {
          Objects.requireNonNull(state, "not open").begin();
          files.skip(copy);
        });
  }

  /**
   * All wanted pieces are stored: makes empty files, modes and links as the torrent has them, and
   * saves the resume data. Answered by {@link StorageListener#onCompleted}.
   */
  public void complete() {
    assemblies();
    disk.add(
        () -> {
          files.complete();
          post(
              () -> {
                checkpoint();
                listener.onCompleted();
              });
        });
  }

  /**
   * Ends it: what is verified is written and claimed, what is unfinished is given up. Nothing is
   * answered any more.
   *
   * @return done when the files are closed and others may have the torrent; never fails
   */
  public CompletableFuture<Void> close() {
    if (!closed) {
      if (assemblies != null) {
        assemblies.dropAll();
      }
      closed = true;
      if (checkpoint != null) {
        checkpoint.end();
      }
      rechecks.cancel();
      if (failure != null) {
        disk.close();
      }
      endIfIdle();
    }
    return ended;
  }

  private void endIfIdle() {
    if (closed && verifying == 0) {
      var facts = options.facts().get();
      disk.add(
          new DiskQueue.Task() {
            @Override
            public void run() {
              end(facts);
            }

            @Override
            public void abandon() {
              service.diskPool().execute(this::run);
            }
          });
    }
  }

  private void end(ResumeFacts facts) {
    disk.close();
    var known = state;
    try {
      if (checkpoint != null && known != null) {
        checkpoint.save(stored, facts);
        known.end();
      }
    } catch (StorageException _) {
      // The journal stays and says which pieces to look at next time.
    }
    files.close();
    if (share != null) {
      share.close();
    }
    if (known != null) {
      known.close();
    }
    ended.complete(null);
  }

  /**
   * Ends it and forgets it: the resume data are deleted, and the torrent's files if wanted.
   *
   * @return done when all is gone; fails with a {@link StorageException}
   */
  public CompletableFuture<Void> remove(boolean withFiles) {
    return close().thenRunAsync(() -> forget(withFiles), service.diskPool());
  }

  private void forget(boolean withFiles) {
    var mine = states.torrent(info, service.layer());
    mine.forget();
    mine.close();
    if (withFiles) {
      folder.prepare(false);
      files.delete();
    }
  }
}
