package org.spate.engine.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * The bound on block bytes that a session holds between socket and disk. When blocks of unfinished
 * pieces fill half of it they are written ahead of their verification; when it is full the links
 * are told to stop reading until it is half empty.
 *
 * <p>A torrent whose disk fails sets aside what it still has to write, so that it does not hold up
 * the others; all such torrents together set aside no more than the cache's size once over.
 */
public final class WriteCache {
  /** Enough for dozens of pieces in the making. */
  private static final long CAPACITY_MAX = 64L << 20;

  private final long capacity;
  private final List<Share> shares = new ArrayList<>();
  private boolean pressed;
  private boolean crowded;

  /**
   * @param capacity bytes, 1 and up
   */
  public WriteCache(long capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("a cache of " + capacity + " bytes");
    }
    this.capacity = capacity;
  }

  /** 64 MiB, or a quarter of the memory that the JVM may use if that is less. */
  public static WriteCache ofDefaultCapacity() {
    return new WriteCache(Math.min(CAPACITY_MAX, Runtime.getRuntime().maxMemory() / 4));
  }

  /** What a torrent is told; on any thread, and never to be answered on that thread. */
  interface Member {
    /** Blocks of unfinished pieces had better be written. */
    void onCrowded();

    void onPressure(boolean pressed);
  }

  synchronized Share join(Member member) {
    var share = new Share(member);
    shares.add(share);
    if (pressed) {
      member.onPressure(true);
    }
    return share;
  }

  public synchronized long heldBytes() {
    long held = 0;
    for (var share : shares) {
      held += share.assembling + share.leaving;
    }
    return held;
  }

  synchronized boolean isCrowded() {
    long assembling = 0;
    for (var share : shares) {
      assembling += share.assembling;
    }
    return assembling > capacity / 2;
  }

  private void changed() {
    boolean crowdedNow = isCrowded();
    if (crowdedNow && !crowded) {
      shares.forEach(share -> share.member.onCrowded());
    }
    crowded = crowdedNow;
    long charged = charged();
    boolean isTurn = pressed ? charged <= capacity / 2 : charged > capacity;
    if (isTurn) {
      pressed = !pressed;
      shares.forEach(share -> share.member.onPressure(pressed));
    }
  }

  private long charged() {
    long active = 0;
    long aside = 0;
    for (var share : shares) {
      long held = share.assembling + share.leaving;
      if (share.isAside) {
        aside += held;
      } else {
        active += held;
      }
    }
    return active + Math.max(0, aside - capacity);
  }

  /** One torrent's part. */
  final class Share {
    private final Member member;
    private long assembling; // in unfinished pieces
    private long leaving; // on the way to the disk
    private boolean isAside;

    private Share(Member member) {
      this.member = member;
    }

    void take(long bytes) {
      synchronized (WriteCache.this) {
        assembling += bytes;
        changed();
      }
    }

    /** Bytes that only wait for hash and disk from now on. */
    void leave(long bytes) {
      synchronized (WriteCache.this) {
        assembling -= bytes;
        leaving += bytes;
        changed();
      }
    }

    /** Bytes that left and are let go. */
    void give(long bytes) {
      synchronized (WriteCache.this) {
        leaving -= bytes;
        changed();
      }
    }

    void setAside(boolean aside) {
      synchronized (WriteCache.this) {
        isAside = aside;
        changed();
      }
    }

    /** Gives back whatever is left. */
    void close() {
      synchronized (WriteCache.this) {
        shares.remove(this);
        changed();
      }
    }
  }
}
