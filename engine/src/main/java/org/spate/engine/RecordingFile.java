package org.spate.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.recording.Recorder;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;

/**
 * The file that a torrent is recorded to. What the loop hands over is gathered in batches, which
 * the disks' threads write in order, each at most a second old: a crash loses no more than that.
 * When the disk cannot keep up, the recording ends and the torrent goes on.
 */
final class RecordingFile implements Recorder.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingFile.class);

  private static final int BATCH_BYTES = 1 << 16;
  private static final long BATCH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Batches that wait for the disk. */
  private static final int BATCHES_MAX = 256;

  private final Path path;
  private final Loop loop;
  private final Executor disk;
  private final Deadline due;

  // Of the loop.
  private byte[] batch = new byte[BATCH_BYTES];
  private int size;
  private int batchesUnderWay;
  private boolean isOver;
  private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

  // Of the disk's threads, one after the other.
  private @Nullable FileChannel channel;

  RecordingFile(Path path, Loop loop, Executor disk) {
    this.path = path;
    this.loop = loop;
    this.disk = disk;
    this.due = loop.deadline(this::handOver);
  }

  @Override
  public void write(byte[] bytes, int length) {
    loop.assertCurrent();
    if (isOver) {
      return;
    }
    if (size == 0) {
      long nowNanos = Loop.nowNanos();
      due.set(nowNanos + BATCH_NANOS, nowNanos);
    }
    for (int done = 0; done < length && !isOver; ) {
      int part = Math.min(length - done, BATCH_BYTES - size);
      System.arraycopy(bytes, done, batch, size, part);
      size += part;
      done += part;
      if (size == BATCH_BYTES) {
        handOver();
      }
    }
  }

  private void handOver() {
    if (size == 0 || isOver) {
      return;
    }
    if (batchesUnderWay == BATCHES_MAX) {
      giveUp("the disk cannot keep up");
      return;
    }
    var full = ByteBuffer.wrap(batch, 0, size);
    batch = new byte[BATCH_BYTES];
    size = 0;
    batchesUnderWay++;
    written = written.thenRunAsync(() -> append(full), disk);
    written.whenComplete((_, failure) -> loop.execute(() -> onWritten(failure)));
  }

  private void onWritten(@Nullable Throwable failure) {
    batchesUnderWay--;
    if (failure != null && !isOver) {
      var root = failure;
      for (var cause = root.getCause(); cause != null; cause = cause.getCause()) {
        root = cause;
      }
      giveUp(root.toString());
    }
  }

  private void giveUp(String why) {
    isOver = true;
    LOG.error("{}: the recording ends here: {}", path, why);
  }

  private void append(ByteBuffer full) {
    try {
      var file = channel;
      if (file == null) {
        file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        channel = file;
      }
      while (full.hasRemaining()) {
        file.write(full);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what is left; the result comes when it is in the file. */
  CompletableFuture<Void> close() {
    loop.assertCurrent();
    handOver();
    isOver = true;
    due.cancel();
    return written.handleAsync((_, _) -> closeChannel(), disk);
  }

  private @Nullable Void closeChannel() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.error("{}: {}", path, e.getMessage());
    }
    return null;
  }
}
