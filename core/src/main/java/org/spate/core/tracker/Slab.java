package org.spate.core.tracker;

import java.util.Arrays;

/**
 * Blocks of ints of a few sizes, cut from pages, so that a million small things are not a million
 * objects. A page holds blocks of one size as long as one of them is in use, and can hold any size
 * afterwards. A block is known by a number: its page above its place in that.
 */
final class Slab {
  private static final int PAGE_BITS = 14;
  private static final int PAGE_INTS = 1 << PAGE_BITS;
  private static final int NONE = -1;

  /** The largest block. */
  static final int BLOCK_INTS_MAX = PAGE_INTS / 8;

  private int[][] pages = {};

  // One entry for each page.
  private int[] blockInts = {};
  private int[] usedCount = {};
  private int[] freeBlock = {}; // the first of its free blocks, which are linked by their first int
  private int[] untouched = {}; // where the blocks begin that have never been used
  private int[] next = {};
  private int[] previous = {};

  private int pageCount;
  private int emptyPage = NONE;

  /** By size of block: the first of the pages that have room. */
  private final int[] roomy = new int[BLOCK_INTS_MAX + 1];

  Slab() {
    Arrays.fill(roomy, NONE);
  }

  int[] page(int block) {
    return pages[block >>> PAGE_BITS];
  }

  static int offset(int block) {
    return block & PAGE_INTS - 1;
  }

  /** A block of so many ints, with anything in them. */
  int take(int ints) {
    int page = roomy[ints];
    if (page == NONE) {
      page = openPage(ints);
    }
    int offset = freeBlock[page];
    if (offset == NONE) {
      offset = untouched[page];
      untouched[page] += ints;
    } else {
      freeBlock[page] = pages[page][offset];
    }
    usedCount[page]++;
    if (!hasRoom(page)) {
      unlink(page);
    }
    return page << PAGE_BITS | offset;
  }

  private boolean hasRoom(int page) {
    return freeBlock[page] != NONE || untouched[page] + blockInts[page] <= PAGE_INTS;
  }

  void giveBack(int block) {
    int page = block >>> PAGE_BITS;
    boolean wasFull = !hasRoom(page);
    pages[page][offset(block)] = freeBlock[page];
    freeBlock[page] = offset(block);
    usedCount[page]--;
    if (wasFull) {
      link(page);
    }
    if (usedCount[page] == 0) {
      unlink(page);
      next[page] = emptyPage;
      emptyPage = page;
    }
  }

  private int openPage(int ints) {
    int page = emptyPage;
    if (page == NONE) {
      page = addPage();
    } else {
      emptyPage = next[page];
    }
    blockInts[page] = ints;
    freeBlock[page] = NONE;
    untouched[page] = 0;
    link(page);
    return page;
  }

  private int addPage() {
    if (pageCount == pages.length) {
      int more = pageCount + Math.max(16, pageCount / 4);
      pages = Arrays.copyOf(pages, more);
      blockInts = Arrays.copyOf(blockInts, more);
      usedCount = Arrays.copyOf(usedCount, more);
      freeBlock = Arrays.copyOf(freeBlock, more);
      untouched = Arrays.copyOf(untouched, more);
      next = Arrays.copyOf(next, more);
      previous = Arrays.copyOf(previous, more);
    }
    pages[pageCount] = new int[PAGE_INTS];
    return pageCount++;
  }

  private void link(int page) {
    int first = roomy[blockInts[page]];
    next[page] = first;
    previous[page] = NONE;
    if (first != NONE) {
      previous[first] = page;
    }
    roomy[blockInts[page]] = page;
  }

  private void unlink(int page) {
    if (previous[page] == NONE) {
      roomy[blockInts[page]] = next[page];
    } else {
      next[previous[page]] = next[page];
    }
    if (next[page] != NONE) {
      previous[next[page]] = previous[page];
    }
  }

  /** How many ints its pages take, for tests of what it gives back. */
  long intCount() {
    return (long) pageCount * PAGE_INTS;
  }

  /** How many pages hold nothing and wait for use. */
  int emptyPageCount() {
    int count = 0;
    for (int page = emptyPage; page != NONE; page = next[page]) {
      count++;
    }
    return count;
  }
}
