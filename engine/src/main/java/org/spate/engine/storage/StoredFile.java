package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.engine.storage.StorageException.Reason;

/**
 * One file on disk and what we last saw of it. Before it is read or written after a pause of {@link
 * #TRUST_NANOS}, its path is looked at again, so that a file which was deleted, replaced, shortened
 * or changed is noticed and not served (threat 74). Our own writes change it too, so it is looked
 * at after each of them.
 */
final class StoredFile {
  /** How long a look at the file is good for. */
  static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What its folder, the open files and the clock are. */
  record Host(TargetFolder folder, FileHandles handles, DiskFile.Layer layer, LongSupplier clock) {}

  private static final FileStamp EMPTY = new FileStamp(0, 0, null);

  private volatile List<String> path;
  private final @Nullable List<String> usualPath;
  private final Host host;
  private @Nullable FileStamp stamp; // null: not there, or not looked at yet
  private long extent; // it was this long at least
  private volatile boolean dirty; // written since it was last forced to disk
  private volatile boolean created; // and its folder not forced yet
  private volatile boolean fresh;
  private volatile long seenNanos;

  StoredFile(List<String> path, Host host) {
    this(path, null, host);
  }

  /**
   * @param usualPath where the file is if it is not at its path but there, see {@link
   *     org.spate.core.metainfo.FileEntry#usualPath}
   */
  StoredFile(List<String> path, @Nullable List<String> usualPath, Host host) {
    this.path = path;
    this.usualPath = usualPath;
    this.host = host;
  }

  /** Whether it is not where we would put it but where other clients have. */
  boolean isAtUsualPath() {
    return usualPath != null && host.folder.hasFile(usualPath) && !host.folder.hasFile(path);
  }

  /** From now on its place is where other clients have it, unless it is at its own. */
  void useUsualPath() {
    if (usualPath != null && !host.folder.hasFile(path)) {
      path = usualPath;
    }
  }

  List<String> path() {
    return path;
  }

  String name() {
    return TargetFolder.show(path);
  }

  /**
   * Looks at the path and takes what it finds for right from now on; false if that is not what was
   * there before.
   */
  synchronized boolean adopt() {
    var before = stamp;
    var now = host.folder.stamp(path);
    boolean isSame = isSame(before, now);
    if (!isSame) {
      host.handles.drop(this);
    }
    stamp = now;
    extent = now == null ? 0 : now.length();
    seen();
    return isSame;
  }

  private static boolean isSame(@Nullable FileStamp before, @Nullable FileStamp now) {
    if (before == null || now == null) {
      return before == null && now == null;
    }
    return now.isSameFile(before) && now.isUntouchedSince(before);
  }

  /** The stamp now, for resume data; null if it is not there. */
  @Nullable FileStamp stampNow() {
    return host.folder.stamp(path);
  }

  boolean isFresh() {
    return fresh && host.clock.getAsLong() - seenNanos < TRUST_NANOS;
  }

  private void seen() {
    seenNanos = host.clock.getAsLong();
    fresh = true;
  }

  /** Looks again if it is time to. */
  synchronized void check() {
    if (isFresh()) {
      return;
    }
    var now = host.folder.stamp(path);
    if (stamp == null) {
      stamp = now; // if it appeared, hashes will tell what it holds
      extent = now == null ? 0 : now.length();
    } else if (stillThere(stamp, now).isUntouchedSince(stamp)) {
      stamp = now;
    } else {
      throw fail(Reason.CHANGED);
    }
    seen();
  }

  private FileStamp stillThere(FileStamp before, @Nullable FileStamp now) {
    if (now == null) {
      throw fail(host.folder.isGone() ? Reason.FOLDER_GONE : Reason.DELETED);
    }
    if (!now.isSameFile(before)) {
      throw fail(Reason.CHANGED);
    }
    if (now.length() < extent) {
      throw fail(Reason.TRUNCATED);
    }
    return now;
  }

  private StorageException fail(Reason reason) {
    fresh = false;
    host.handles.drop(this);
    return new StorageException(reason, name());
  }

  /** An open handle, one use of which is the caller's, if the last look is recent enough. */
  @Nullable FileHandle findOpen() {
    return isFresh() ? host.handles.find(this) : null;
  }

  /** A handle to read from; the caller releases it. */
  FileHandle openToRead() {
    check();
    return host.handles.acquire(this, false, this::open);
  }

  private DiskFile open(boolean writable) {
    return host.layer.file(host.folder.open(path, writable), name());
  }

  private DiskFile create(boolean writable) {
    created = true;
    dirty = true;
    return host.layer.file(host.folder.create(path), name());
  }

  /** Writes buffers at a position, making the file if need be. One thread at a time. */
  synchronized void write(ByteBuffer[] sources, long position) {
    check();
    long length = 0;
    for (var source : sources) {
      length += source.remaining();
    }
    var handle = host.handles.acquire(this, true, stamp == null ? this::create : this::open);
    try {
      dirty = true;
      handle.file().write(sources, position);
      extent = Math.max(extent, position + length);
      stamp = stillThere(Objects.requireNonNullElse(stamp, EMPTY), host.folder.stamp(path));
      seen();
    } catch (IOException e) {
      stamp = host.folder.stamp(path); // part of it was written
      throw StorageException.of(name(), e);
    } finally {
      handle.release();
    }
  }

  /** Makes an empty file if there is none, and cuts what is behind a length. */
  synchronized void fit(long length) {
    check();
    var handle = host.handles.acquire(this, true, stamp == null ? this::create : this::open);
    try {
      if (handle.file().size() > length) {
        handle.file().truncate(length);
      }
      adopt();
    } catch (IOException e) {
      throw StorageException.of(name(), e);
    } finally {
      handle.release();
    }
  }

  /** Fills the target from a position. */
  void read(ByteBuffer target, long position) {
    var handle = openToRead();
    try {
      DiskFile.readFully(handle.file(), target, position, name());
    } catch (IOException e) {
      throw StorageException.of(name(), e);
    } finally {
      handle.release();
    }
  }

  /** Forces what was written to the disk; true if there was anything. */
  boolean force() {
    if (!dirty) {
      return false;
    }
    dirty = false;
    try {
      var handle = openToRead();
      try {
        handle.file().force();
      } finally {
        handle.release();
      }
      if (created) {
        host.folder.forceFolders(path);
        created = false;
      }
      return true;
    } catch (IOException e) {
      dirty = true;
      throw StorageException.of(name(), e);
    } catch (StorageException e) {
      dirty = true;
      throw e;
    }
  }

  /** Forgets what was seen and lets go of the open file. */
  synchronized void forget() {
    host.handles.drop(this);
    stamp = null;
    extent = 0;
    dirty = false;
    fresh = false;
  }

  /** Deletes it from the disk. */
  void delete() {
    forget();
    host.folder.delete(path);
  }
}
