package org.spate.engine.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The open files of a session, no more than its share of the process's descriptors (threat 76); the
 * one that was used longest ago makes room. Where the share turns out to be too large, because
 * others in the process have taken more than theirs, it becomes smaller.
 */
final class FileHandles {
  /** Fewest files kept open, however low the limit is. */
  static final int LIMIT_MIN = 8;

  /** Most files kept open, however high the limit is. */
  static final int LIMIT_MAX = 1024;

  private static final int LIMIT_UNKNOWN = 256;

  /** What the JVM itself and the session's own sockets and logs need. */
  private static final int RESERVED = 48;

  private volatile int limit;
  private final Map<StoredFile, FileHandle> open = new LinkedHashMap<>(16, 0.75f, true);

  FileHandles(int limit) {
    this.limit = limit;
  }

  /** A third of the descriptors that the process may have; the rest is for links. */
  static int limitOfProcess() {
    return Math.clamp((descriptors() - RESERVED) / 3, LIMIT_MIN, LIMIT_MAX);
  }

  private static int descriptors() {
    try {
      for (var line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          var soft = new StringTokenizer(line.substring("Max open files".length())).nextToken();
          return "unlimited".equals(soft) ? Integer.MAX_VALUE : Integer.parseInt(soft);
        }
      }
    } catch (IOException | NumberFormatException _) {
      // Not Linux.
    }
    return LIMIT_UNKNOWN;
  }

  /** Opens a file for a caller that finds none here. */
  @FunctionalInterface
  interface Opener {
    DiskFile open(boolean writable);
  }

  /** The handle if the file is open already; the caller has one use of it. */
  synchronized @Nullable FileHandle find(StoredFile key) {
    var handle = open.get(key);
    return handle != null && handle.use() ? handle : null;
  }

  /** The handle of a file, opened if need be; the caller has one use of it. */
  FileHandle acquire(StoredFile key, boolean writable, Opener opener) {
    var found = find(key);
    if (found != null) {
      if (found.isWritable() || !writable) {
        return found;
      }
      found.release();
    }
    evict(limit - 1);
    var fresh = new FileHandle(open(opener, writable), key.name(), writable);
    var old = keep(key, fresh);
    if (old != null) {
      old.release();
    }
    return fresh;
  }

  private DiskFile open(Opener opener, boolean writable) {
    try {
      return opener.open(writable);
    } catch (StorageException e) {
      if (!e.isOutOfDescriptors() || size() == 0) {
        throw e;
      }
      limit = Math.max(1, size() / 2);
      evict(0);
      return opener.open(writable);
    }
  }

  private synchronized @Nullable FileHandle keep(StoredFile key, FileHandle fresh) {
    fresh.use();
    return open.put(key, fresh);
  }

  /** Whether so many files are being sent from that no more should be held open for that. */
  synchronized boolean isSaturated() {
    return open.size() >= limit && open.values().stream().noneMatch(FileHandle::isIdle);
  }

  /** Forgets a file; it stays open for those who use it. */
  void drop(StoredFile key) {
    FileHandle handle;
    synchronized (this) {
      handle = open.remove(key);
    }
    if (handle != null) {
      handle.release();
    }
  }

  synchronized int size() {
    return open.size();
  }

  private void evict(int target) {
    List<FileHandle> evicted = new ArrayList<>();
    synchronized (this) {
      var oldestFirst = open.values().iterator();
      while (open.size() > target && oldestFirst.hasNext()) {
        var handle = oldestFirst.next();
        if (handle.isIdle()) {
          oldestFirst.remove();
          evicted.add(handle);
        }
      }
    }
    evicted.forEach(FileHandle::release);
  }
}
