package org.spate.engine.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.engine.storage.StorageException.Reason;

/**
 * Where the bytes of skipped files go that share a piece with a wanted one: a small hidden file of
 * slots, each as long as a piece, found through a table at its beginning. It is there only while it
 * holds something.
 *
 * <p>Layout: magic, piece length, piece count, the file being exported (index + 1) or 0; then for
 * each piece its slot + 1 or 0, as ints; slots begin on the next multiple of 4096. One thread
 * writes; others may read.
 */
final class PartsFile {
  private static final long MAGIC = 0x5350415445505453L; // "SPATEPTS"
  private static final int HEADER = 20;
  private static final int EXPORTING_AT = 16;
  private static final int ALIGNMENT = 4096;

  private final StoredFile file;
  private final PieceGeometry geometry;
  private final long slotsAt;
  private final BitSet used = new BitSet();
  private int[] slots = new int[0]; // by piece, slot + 1; empty until there is a file
  private int exporting;

  PartsFile(StoredFile file, PieceGeometry geometry) {
    this.file = file;
    this.geometry = geometry;
    long table = HEADER + 4L * geometry.pieceCount();
    this.slotsAt = (table + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  StoredFile file() {
    return file;
  }

  /** Reads the table if there is a file; one that is not ours to understand is started anew. */
  synchronized void load() {
    slots = new int[0];
    used.clear();
    exporting = 0;
    file.adopt();
    var stamp = file.stampNow();
    if (stamp == null) {
      return;
    }
    var bytes = ByteBuffer.allocate(HEADER + 4 * geometry.pieceCount());
    if (stamp.length() < bytes.capacity()) {
      return;
    }
    file.read(bytes, 0);
    bytes.flip();
    if (bytes.getLong() != MAGIC
        || bytes.getInt() != geometry.pieceLength()
        || bytes.getInt() != geometry.pieceCount()) {
      return;
    }
    int pending = bytes.getInt();
    var table = new int[geometry.pieceCount()];
    bytes.asIntBuffer().get(table);
    for (int slot : table) {
      if (slot < 0 || slot > table.length || (slot > 0 && used.get(slot - 1))) {
        used.clear();
        return;
      }
      if (slot > 0) {
        used.set(slot - 1);
      }
    }
    slots = table;
    exporting = pending;
  }

  synchronized boolean has(int pieceIndex) {
    return slots.length != 0 && slots[pieceIndex] != 0;
  }

  synchronized boolean isEmpty() {
    return used.isEmpty();
  }

  /** Writes bytes of a piece, from an offset in it on. */
  synchronized void write(int pieceIndex, int begin, ByteBuffer[] sources) {
    if (slots.length == 0) {
      startAnew();
    }
    if (slots[pieceIndex] == 0) {
      int slot = used.nextClearBit(0);
      putInt(HEADER + 4L * pieceIndex, slot + 1);
      used.set(slot);
      slots[pieceIndex] = slot + 1;
    }
    file.write(sources, position(pieceIndex, begin));
  }

  private void startAnew() {
    file.delete();
    var header = ByteBuffer.allocate((int) Math.min(slotsAt, Integer.MAX_VALUE));
    header.putLong(MAGIC).putInt(geometry.pieceLength()).putInt(geometry.pieceCount());
    file.write(new ByteBuffer[] {header.rewind()}, 0);
    slots = new int[geometry.pieceCount()];
    exporting = 0;
  }

  /** Reads bytes of a piece; those that were never put here are missing. */
  void read(int pieceIndex, int begin, ByteBuffer target) {
    long position;
    synchronized (this) {
      if (!has(pieceIndex)) {
        throw new StorageException(Reason.TRUNCATED, file.name());
      }
      position = position(pieceIndex, begin);
    }
    file.read(target, position);
  }

  private long position(int pieceIndex, int begin) {
    return slotsAt + (long) (slots[pieceIndex] - 1) * geometry.pieceLength() + begin;
  }

  /** Gives a piece's slot back. */
  synchronized void free(int pieceIndex) {
    if (has(pieceIndex)) {
      putInt(HEADER + 4L * pieceIndex, 0);
      used.clear(slots[pieceIndex] - 1);
      slots[pieceIndex] = 0;
    }
  }

  /** The file whose export was under way when the process ended, or -1. */
  synchronized int exportPending() {
    return exporting - 1;
  }

  /** Notes which file is being exported, -1 for none: an export that is cut short is redone. */
  synchronized void exporting(int fileIndex) {
    if (slots.length != 0 && exporting != fileIndex + 1) {
      putInt(EXPORTING_AT, fileIndex + 1);
      exporting = fileIndex + 1;
    }
  }

  private void putInt(long position, int value) {
    file.write(new ByteBuffer[] {ByteBuffer.allocate(4).putInt(value).rewind()}, position);
  }

  /** Removes the file if nothing is in it. */
  synchronized void tidy() {
    if (used.isEmpty() && slots.length != 0) {
      file.delete();
      slots = new int[0];
    }
  }

  /** The pieces that have a slot. */
  synchronized int[] pieces() {
    var pieces = new int[used.cardinality()];
    int count = 0;
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != 0) {
        pieces[count++] = i;
      }
    }
    return Arrays.copyOf(pieces, count);
  }
}
