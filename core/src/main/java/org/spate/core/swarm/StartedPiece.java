package org.spate.core.swarm;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The blocks of a piece that is being fetched: which are here, which are requested and from whom.
 *
 * <p>One int for each block: a link, or a mark. Further requesters of a block exist in endgame
 * only; they are kept in a list aside.
 */
final class StartedPiece {
  /** No link, or no block. */
  static final int NONE = -1;

  private static final int FREE = -1;
  private static final int RECEIVED = -2;
  private static final int SEVERAL = -2;
  private static final long[] NO_EXTRAS = new long[0];

  private final int index;
  private final int[] states;
  private int free;
  private int missing;
  private int lowestFree; // no free block lies before it
  private long[] extras = NO_EXTRAS; // block << 32 | link
  private int extraCount;
  private int toucher = NONE;
  private int owner = NONE;
  private boolean isReserved;
  private int ownerRequests;
  private boolean ownerSent;

  StartedPiece(int index, int blockCount) {
    this.index = index;
    this.states = new int[blockCount];
    Arrays.fill(states, FREE);
    this.free = blockCount;
    this.missing = blockCount;
  }

  int index() {
    return index;
  }

  int blockCount() {
    return states.length;
  }

  /** Blocks neither here nor requested. */
  int free() {
    return free;
  }

  /** Blocks not here. */
  int missing() {
    return missing;
  }

  /** Blocks requested and not here. */
  int requested() {
    return missing - free;
  }

  boolean isUntouched() {
    return free == states.length;
  }

  /**
   * The link that this piece waits for: the only one that was asked, for all of it, or the owner,
   * which is asked for what is missing; it has sent nothing. NONE if there is none.
   */
  int waitsFor() {
    if (free > 0) {
      return NONE;
    }
    if (missing == states.length && toucher >= 0) {
      return toucher;
    }
    return ownerRequests > 0 && !ownerSent && !isReserved ? owner : NONE;
  }

  /** The peer that has this piece for itself, or NONE. */
  int owner() {
    return owner;
  }

  /** Whether the owner is working on it: one that is not, as it chokes us, holds nobody off. */
  boolean isHeld() {
    return ownerRequests > 0;
  }

  /** Whether the owner is on parole: nobody may mix blocks into this piece without need. */
  boolean isReserved() {
    return isReserved;
  }

  /** Gives the piece to a link of which no block is requested yet. */
  void own(int link, boolean reserve) {
    owner = link;
    isReserved = reserve;
    ownerRequests = 0;
    ownerSent = false;
  }

  void disown() {
    own(NONE, false);
  }

  /** Whether no other link was ever asked for a block of it. */
  boolean isTouchedOnlyBy(int link) {
    return toucher == link;
  }

  /** Marks the first free block as requested; there must be one. */
  int take(int link) {
    while (states[lowestFree] != FREE) {
      lowestFree++;
    }
    states[lowestFree] = link;
    free--;
    ownerRequests += link == owner ? 1 : 0;
    touch(link);
    return lowestFree++;
  }

  /**
   * Marks one more request for a block that is requested from exactly so many others.
   *
   * @param from where to begin to look
   * @return the block, or NONE
   */
  int takeAgain(int link, int requesters, int from) {
    for (int i = 0; i < states.length; i++) {
      int block = (from + i) % states.length;
      if (states[block] >= 0 && requesters(block) == requesters && !isRequestedFrom(link, block)) {
        addExtra(link, block);
        touch(link);
        return block;
      }
    }
    return NONE;
  }

  boolean isReceived(int block) {
    return states[block] == RECEIVED;
  }

  boolean isRequestedFrom(int link, int block) {
    return states[block] == link || extra(link, block) != NONE;
  }

  boolean isRequestedFrom(int link) {
    for (int state : states) {
      if (state == link) {
        return true;
      }
    }
    for (int i = 0; i < extraCount; i++) {
      if ((int) extras[i] == link) {
        return true;
      }
    }
    return false;
  }

  /** Notes the arrival of a block that was not here; the other requests for it stay known. */
  void receive(int link, int block) {
    int first = states[block];
    ownerSent |= link == owner;
    ownerRequests -= first != FREE && first == owner ? 1 : 0;
    if (first == FREE) {
      free--;
    } else if (first != link) {
      removeExtra(extra(link, block));
      addExtra(first, block);
    }
    states[block] = RECEIVED;
    missing--;
    touch(link);
  }

  /** A block that was here is not any more; it must be asked for again. */
  void lose(int block) {
    if (states[block] == RECEIVED) {
      states[block] = FREE;
      free++;
      missing++;
      lowestFree = Math.min(lowestFree, block);
    }
  }

  /** Forgets one link's request for a block, if there is one. */
  void release(int link, int block) {
    if (states[block] != link) {
      removeExtra(extra(link, block));
      return;
    }
    ownerRequests -= link == owner ? 1 : 0;
    int heir = extraOf(block);
    if (heir != NONE) {
      states[block] = (int) extras[heir];
      ownerRequests += states[block] == owner ? 1 : 0;
      removeExtra(heir);
      return;
    }
    states[block] = FREE;
    free++;
    lowestFree = Math.min(lowestFree, block);
  }

  /** Forgets all requests of a link. */
  void release(int link) {
    for (int i = extraCount - 1; i >= 0; i--) {
      if ((int) extras[i] == link) {
        removeExtra(i);
      }
    }
    if (requested() > 0) {
      for (int block = 0; block < states.length; block++) {
        if (states[block] == link) {
          release(link, block);
        }
      }
    }
  }

  /** The links that a block is requested from; each may be released meanwhile. */
  void requesters(int block, IntConsumer link) {
    for (int i = extraCount - 1; i >= 0; i--) {
      if ((int) (extras[i] >>> 32) == block) {
        link.accept((int) extras[i]);
      }
    }
    if (states[block] >= 0) {
      link.accept(states[block]);
    }
  }

  private int requesters(int block) {
    int count = 1;
    for (int i = 0; i < extraCount; i++) {
      count += (int) (extras[i] >>> 32) == block ? 1 : 0;
    }
    return count;
  }

  private void touch(int link) {
    toucher = toucher == NONE || toucher == link ? link : SEVERAL;
  }

  private void addExtra(int link, int block) {
    if (extraCount == extras.length) {
      extras = Arrays.copyOf(extras, Math.max(4, extraCount * 2));
    }
    extras[extraCount++] = (long) block << 32 | link;
  }

  private int extra(int link, int block) {
    for (int i = 0; i < extraCount; i++) {
      if (extras[i] == ((long) block << 32 | link)) {
        return i;
      }
    }
    return NONE;
  }

  private int extraOf(int block) {
    for (int i = 0; i < extraCount; i++) {
      if ((int) (extras[i] >>> 32) == block) {
        return i;
      }
    }
    return NONE;
  }

  private void removeExtra(int position) {
    if (position != NONE) {
      extras[position] = extras[--extraCount];
    }
  }
}
