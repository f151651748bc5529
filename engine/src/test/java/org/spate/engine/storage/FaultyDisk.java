package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A disk that fails when told to: full, broken, or dead from some operation on. It remembers what
 * was not forced, and can take that back as a power cut would.
 */
final class FaultyDisk implements DiskFile.Layer {
  private static final int ALIVE = Integer.MAX_VALUE;

  private record Undo(FileChannel channel, long position, byte[] before, long sizeBefore) {}

  private final Map<String, Deque<Undo>> unforced = new LinkedHashMap<>();
  private Predicate<String> full = _ -> false;
  private Predicate<String> broken = _ -> false;
  private long flipped = -1; // the byte of a file that does not keep what is written to it
  private String flippedName = "";
  private int operationsLeft = ALIVE;
  private int operations;
  private boolean torn;
  private boolean remembers;

  /** Operations that change anything so far. */
  synchronized int operations() {
    return operations;
  }

  synchronized void fillUp(Predicate<String> names) {
    full = names;
  }

  synchronized void breakReads(Predicate<String> names) {
    broken = names;
  }

  /** A bit of one byte turns over whenever it is written. */
  synchronized void flipBit(String name, long position) {
    flippedName = name;
    flipped = position;
  }

  synchronized void repair() {
    flipped = -1;
    full = _ -> false;
    broken = _ -> false;
  }

  /** Dies in the middle of an operation some way ahead. */
  synchronized void crashAfter(int operations) {
    operationsLeft = operations;
    torn = true;
  }

  synchronized void crash() {
    operationsLeft = 0;
  }

  synchronized boolean isDead() {
    return operationsLeft == 0;
  }

  /** Begins to keep what a power cut would need. */
  synchronized void remember() {
    remembers = true;
  }

  /** Of each file some of the last writes that were not forced are lost. */
  synchronized void cutPower(Random random) throws IOException {
    for (var undos : unforced.values()) {
      for (int lost = random.nextInt(undos.size() + 1); lost > 0; lost--) {
        var undo = undos.removeLast();
        undo.channel.truncate(Math.max(undo.sizeBefore, undo.position));
        undo.channel.write(ByteBuffer.wrap(undo.before), undo.position);
        undo.channel.truncate(undo.sizeBefore);
      }
    }
  }

  @Override
  public DiskFile file(FileChannel channel, String name) {
    return new File(new DiskFile.PlainFile(channel), name);
  }

  private synchronized void change() throws IOException {
    operations++;
    if (operationsLeft == 0) {
      throw new IOException("the process is dead");
    }
    if (operationsLeft != ALIVE) {
      operationsLeft--;
    }
  }

  private synchronized boolean isTorn() {
    return torn && operationsLeft == 0;
  }

  private synchronized void keep(String name, Undo undo) {
    unforced.computeIfAbsent(name, _ -> new ArrayDeque<>()).addLast(undo);
  }

  private synchronized void forced(String name) {
    unforced.remove(name);
  }

  private final class File implements DiskFile {
    private final DiskFile.PlainFile real;
    private final String name;

    File(DiskFile.PlainFile real, String name) {
      this.real = real;
      this.name = name;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      synchronized (FaultyDisk.this) {
        if (broken.test(name)) {
          throw new IOException("Input/output error");
        }
      }
      return real.read(target, position);
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
      synchronized (FaultyDisk.this) {
        change();
        int length = 0;
        for (var source : sources) {
          length += source.remaining();
        }
        if (remembers) {
          var before = ByteBuffer.allocate(length);
          real.read(before, position);
          keep(name, new Undo(real.channel(), position, before.array(), real.size()));
        }
        if (full.test(name)) {
          half(sources, position);
          throw new IOException("No space left on device");
        }
        if (isTorn()) {
          half(sources, position);
          throw new IOException("the process is dead");
        }
        real.write(sources, position);
        if (name.equals(flippedName) && flipped >= position && flipped < position + length) {
          var one = ByteBuffer.allocate(1);
          real.read(one, flipped);
          one.flip().put(0, (byte) (one.get(0) ^ 1));
          real.write(new ByteBuffer[] {one}, flipped);
        }
      }
    }

    private void half(ByteBuffer[] sources, long position) throws IOException {
      var first = sources[0].duplicate();
      first.limit(first.position() + first.remaining() / 2);
      real.write(new ByteBuffer[] {first}, position);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      change();
      real.truncate(size);
    }

    @Override
    public void force() throws IOException {
      change();
      real.force();
      forced(name);
    }

    @Override
    public void close() throws IOException {
      if (!remembers) {
        real.close();
      }
    }
  }
}
