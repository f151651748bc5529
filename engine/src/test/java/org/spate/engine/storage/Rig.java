package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.PieceSet;
import org.spate.core.wire.Payload;

/**
 * One torrent's storage with real threads and files, a loop that the test turns, and a clock that
 * it sets. What the storage answers is kept here.
 */
final class Rig implements StorageListener, AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  final TestTorrent torrent;
  final Path folder;
  final AtomicLong clock = new AtomicLong();
  final AtomicInteger blocksOut = new AtomicInteger();
  final FaultyDisk disk = new FaultyDisk();
  final Map<Integer, Boolean> verdicts = new LinkedHashMap<>();
  final Map<Integer, long[]> digests = new LinkedHashMap<>();
  final Map<Integer, Payload> reads = new LinkedHashMap<>();
  final List<Integer> wrongBlocks = new ArrayList<>();
  final List<StorageException> failures = new ArrayList<>();
  final List<Boolean> pressure = new ArrayList<>();
  final StateFolder states;
  PieceSet have;
  PieceSet rechecked;
  ResumeFacts facts = ResumeFacts.NONE;
  ResumeFacts factsFound;
  int checkedCount;
  boolean completed;
  boolean overwrite;
  boolean forceRecheck;
  BitSet skipped;
  long cacheBytes = 16 << 20;
  int handleLimit = 16;
  WriteCache cache;
  TorrentStorage storage;

  private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final ExecutorService diskPool = Executors.newFixedThreadPool(2);
  private final ExecutorService hashPool = Executors.newFixedThreadPool(2);

  Rig(TestTorrent torrent, Path folder, Path stateFolder) {
    this.torrent = torrent;
    this.folder = folder;
    this.states = StateFolder.open(stateFolder, true);
  }

  Rig open() {
    start();
    turnUntil(() -> have != null);
    assertThat(failures).isEmpty();
    return this;
  }

  StorageException openAndFail() {
    start();
    turnUntil(() -> !failures.isEmpty());
    return failures.getFirst();
  }

  void start() {
    cache = new WriteCache(cacheBytes);
    var service =
        new StorageService(
            diskPool, hashPool, 2, cache, new FileHandles(handleLimit), disk, clock::get);
    var options =
        new StorageOptions(
            overwrite, forceRecheck, skipped, TimeUnit.HOURS.toNanos(1), () -> facts);
    storage = service.open(torrent.info(), folder, states, options, loop::add, this);
  }

  void turnUntil(BooleanSupplier done) {
    try {
      while (!done.getAsBoolean()) {
        var task = loop.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(task).as("nothing happens; failures: %s", failures).isNotNull();
        task.run();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Hands over one block, as it should be. */
  void write(int pieceIndex, int blockIndex) {
    int length = torrent.geometry().blockLength(pieceIndex, blockIndex);
    int begin = blockIndex * PieceGeometry.BLOCK_LENGTH;
    write(pieceIndex, blockIndex, torrent.bytes(pieceIndex, begin, length));
  }

  void write(int pieceIndex, int blockIndex, byte[] bytes) {
    blocksOut.incrementAndGet();
    storage.write(pieceIndex, blockIndex * PieceGeometry.BLOCK_LENGTH, new CountedBlock(bytes));
  }

  /** Hands over a whole piece and asks for its verification. */
  void fill(int pieceIndex) {
    for (int i = 0; i < torrent.geometry().fetchBlockCount(pieceIndex); i++) {
      write(pieceIndex, i);
    }
    storage.verify(pieceIndex, false);
  }

  void fillAndWait(int... pieces) {
    for (int piece : pieces) {
      verdicts.remove(piece);
      fill(piece);
    }
    for (int piece : pieces) {
      turnUntil(() -> verdicts.containsKey(piece));
      assertThat(verdicts.get(piece)).as("piece %d", piece).isTrue();
    }
  }

  void fillAll() {
    for (int i = 0; i < torrent.pieceCount(); i++) {
      fillAndWait(i);
    }
  }

  byte[] read(int pieceIndex, int begin, int length) {
    int tag = reads.size();
    storage.read(tag, pieceIndex, begin, length);
    turnUntil(() -> reads.containsKey(tag) || !failures.isEmpty());
    var payload = reads.get(tag);
    assertThat(payload).as("failures: %s", failures).isNotNull();
    var bytes = bytes(payload);
    payload.release();
    return bytes;
  }

  static byte[] bytes(Payload payload) {
    var bytes = ByteBuffer.allocate(payload.length());
    switch (payload) {
      case RegionPayload region -> region.read(0, bytes);
      case BufferPayload buffer -> {
        for (var part : buffer.nio()) {
          bytes.put(part);
        }
      }
      default -> throw new IllegalStateException("what is it");
    }
    return bytes.array();
  }

  /** Lets the trust in files that were looked at expire. */
  void passTime() {
    clock.addAndGet(StoredFile.TRUST_NANOS + 1);
  }

  Path file(String path) {
    return folder.resolve("t").resolve(path);
  }

  byte[] onDisk(String path) {
    try {
      return Files.readAllBytes(file(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void closeStorage() {
    await(storage.close());
  }

  void await(CompletableFuture<Void> future) {
    var told = future.whenComplete((_, _) -> loop.add(() -> {}));
    turnUntil(future::isDone);
    told.join();
  }

  /** Leaves everything as kill -9 would: nothing more is done. */
  void crash() {
    disk.crash();
    close();
  }

  @Override
  public void close() {
    diskPool.shutdown();
    hashPool.shutdown();
    try {
      assertThat(diskPool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(hashPool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    states.close();
  }

  @Override
  public void onOpened(PieceSet have, ResumeFacts facts) {
    this.have = have;
    this.factsFound = facts;
  }

  @Override
  public void onChecking(int checked, int total) {
    assertThat(checked).isBetween(0, total);
    checkedCount = checked;
  }

  @Override
  public void onVerified(int pieceIndex, boolean good, long[] digests) {
    verdicts.put(pieceIndex, good);
    this.digests.put(pieceIndex, digests);
  }

  @Override
  public void onBlockFailed(int pieceIndex, int begin) {
    wrongBlocks.add(begin / PieceGeometry.BLOCK_LENGTH);
  }

  @Override
  public void onRead(int tag, int pieceIndex, int begin, Payload block) {
    reads.put(tag, block);
  }

  @Override
  public void onRechecked(PieceSet checked, PieceSet good) {
    rechecked = good;
  }

  @Override
  public void onCompleted() {
    completed = true;
  }

  @Override
  public void onFailed(StorageException failure) {
    failures.add(failure);
  }

  @Override
  public void onPressure(boolean pressed) {
    pressure.add(pressed);
  }

  /** A block in direct memory, in two parts as if it had come from two reads of a socket. */
  private final class CountedBlock implements BufferPayload {
    private final ByteBuffer bytes;
    private boolean released;

    CountedBlock(byte[] bytes) {
      this.bytes = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Override
    public int length() {
      return bytes.capacity();
    }

    @Override
    public synchronized ByteBuffer[] nio() {
      assertThat(released).as("used after release").isFalse();
      int cut = length() / 3;
      return new ByteBuffer[] {bytes.slice(0, cut), bytes.slice(cut, length() - cut)};
    }

    @Override
    public synchronized void release() {
      assertThat(released).as("released twice").isFalse();
      released = true;
      blocksOut.decrementAndGet();
      for (int i = 0; i < bytes.capacity(); i++) {
        bytes.put(i, (byte) 0xEE); // whoever still reads it is found out
      }
    }
  }
}
