package org.spate.core.tracker;

import java.util.Arrays;

/** The rows of a large {@link PeerTable}, in pages so that growth copies none, and their index. */
final class LargeTable implements SplitIndex.Hashes {
  private static final int PAGE_BITS = 10;
  private static final int PAGE_ROWS = 1 << PAGE_BITS;

  private final PeerRows rows;
  private int[][] pages = {};
  private int pageCount;
  final SplitIndex index = new SplitIndex(this);

  LargeTable(PeerRows rows) {
    this.rows = rows;
  }

  int[] page(int row) {
    return pages[row >>> PAGE_BITS];
  }

  int offset(int row) {
    return (row & PAGE_ROWS - 1) * rows.width;
  }

  @Override
  public long hashOf(int row) {
    return rows.hash(page(row), offset(row));
  }

  /** Has room for so many rows, and keeps one page more than that at most. */
  void resize(int rowCount) {
    int needed = (rowCount + PAGE_ROWS - 1) >>> PAGE_BITS;
    while (pageCount < needed) {
      if (pageCount == pages.length) {
        pages = Arrays.copyOf(pages, pageCount + Math.max(1, pageCount / 4));
      }
      pages[pageCount++] = new int[PAGE_ROWS * rows.width];
    }
    if (pageCount > needed + 1) {
      pages = Arrays.copyOf(pages, needed + 1);
      pageCount = needed + 1;
    }
  }
}
