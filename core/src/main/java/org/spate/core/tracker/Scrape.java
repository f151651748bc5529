package org.spate.core.tracker;

import org.spate.core.Hash160;
import org.spate.core.announce.SwarmCounts;

/**
 * Swarms to be told the size of, and their sizes once a store has set them. It is filled again for
 * every scrape; who needs it later takes a {@link #copy}.
 */
public final class Scrape {
  private static final int HASH_LONGS = 3;
  private static final int COUNTS = 3;

  private final int sizeMax;
  private final long[] hashes;
  private final int[] counts;
  private final boolean[] isHidden;
  private int size;
  private boolean hasFailed;

  /** Room for so many swarms. */
  public Scrape(int sizeMax) {
    this.sizeMax = sizeMax;
    hashes = new long[sizeMax * HASH_LONGS];
    counts = new int[sizeMax * COUNTS];
    isHidden = new boolean[sizeMax];
  }

  /** Forgets everything. */
  public void begin() {
    size = 0;
    hasFailed = false;
  }

  /** Adds a swarm with zeros for its size; one too many is left out. */
  public void add(Hash160 infoHash) {
    add(infoHash.high(), infoHash.middle(), infoHash.low());
  }

  void add(long high, long middle, int low) {
    if (size < sizeMax) {
      hashes[size * HASH_LONGS] = high;
      hashes[size * HASH_LONGS + 1] = middle;
      hashes[size * HASH_LONGS + 2] = low;
      isHidden[size] = false;
      set(size++, 0, 0, 0);
    }
  }

  /** Sets the size of the swarm at an index. */
  public void set(int index, int complete, int downloaded, int incomplete) {
    counts[index * COUNTS] = complete;
    counts[index * COUNTS + 1] = downloaded;
    counts[index * COUNTS + 2] = incomplete;
  }

  /** Swarms that are not served look like those that nobody announces. */
  void hide(Access access) {
    if (access.isOpen()) {
      return;
    }
    for (int i = 0; i < size; i++) {
      isHidden[i] = !access.allows(infoHash(i));
    }
  }

  /** The store could not be asked. */
  public void fail() {
    hasFailed = true;
  }

  public boolean hasFailed() {
    return hasFailed;
  }

  public int size() {
    return size;
  }

  long high(int index) {
    return hashes[index * HASH_LONGS];
  }

  long middle(int index) {
    return hashes[index * HASH_LONGS + 1];
  }

  int low(int index) {
    return (int) hashes[index * HASH_LONGS + 2];
  }

  /** The first bits of an info-hash. */
  public long infoHashStart(int index) {
    return high(index);
  }

  public Hash160 infoHash(int index) {
    return new Hash160(high(index), middle(index), low(index));
  }

  public SwarmCounts counts(int index) {
    return new SwarmCounts(complete(index), downloaded(index), incomplete(index));
  }

  int complete(int index) {
    return isHidden[index] ? 0 : counts[index * COUNTS];
  }

  int downloaded(int index) {
    return isHidden[index] ? 0 : counts[index * COUNTS + 1];
  }

  int incomplete(int index) {
    return isHidden[index] ? 0 : counts[index * COUNTS + 2];
  }

  /** The same for later. */
  public Scrape copy() {
    var copy = new Scrape(size);
    System.arraycopy(hashes, 0, copy.hashes, 0, size * HASH_LONGS);
    System.arraycopy(counts, 0, copy.counts, 0, size * COUNTS);
    System.arraycopy(isHidden, 0, copy.isHidden, 0, size);
    copy.size = size;
    copy.hasFailed = hasFailed;
    return copy;
  }
}
