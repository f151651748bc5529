package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.spate.engine.storage.StorageException.Reason;

/**
 * What storage does with one open file; the border at which tests let disks fail. Reads may come
 * from any thread, writes from one at a time.
 */
interface DiskFile {

  /** Reads at a position; -1 at the end of the file. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes all of the buffers, one behind the other, from a position on. */
  void write(ByteBuffer[] sources, long position) throws IOException;

  long size() throws IOException;

  void truncate(long size) throws IOException;

  /** Returns when the file's data and length are on the disk. */
  void force() throws IOException;

  void close() throws IOException;

  /** Turns an open channel into a file. */
  @FunctionalInterface
  interface Layer {
    DiskFile file(FileChannel channel, String name);
  }

  Layer PLAIN = (channel, _) -> new PlainFile(channel);

  /** Fills the target or throws {@link Reason#TRUNCATED}. */
  static void readFully(DiskFile file, ByteBuffer target, long position, String name)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = file.read(target, at);
      if (count < 0) {
        throw new StorageException(Reason.TRUNCATED, name);
      }
      at += count;
    }
  }

  /** A file on a real disk. */
  record PlainFile(FileChannel channel) implements DiskFile {
    /** As many as one system call takes on the platforms we know (IOV_MAX). */
    private static final int BUFFERS_MAX = 1024;

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return channel.read(target, position);
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
      // There is no gathering write at a position; the only writer may move the channel's own.
      channel.position(position);
      int from = 0;
      while (from < sources.length) {
        if (sources[from].hasRemaining()) {
          channel.write(sources, from, Math.min(BUFFERS_MAX, sources.length - from));
        } else {
          from++;
        }
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
      channel.force(false); // fdatasync: data and length, not the times
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
