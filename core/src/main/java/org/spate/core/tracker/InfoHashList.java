package org.spate.core.tracker;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;

/**
 * Info-hashes out of a text, one a line in hexadecimal digits: forty for v1, sixty-four for v2,
 * which counts by its first twenty bytes as in announces. What follows a space or {@code #} is a
 * comment.
 */
public final class InfoHashList {
  private final Set<Hash160> infoHashes = new HashSet<>();
  private int malformedLineCount;

  /** Made when somebody wants to see it. */
  private Hash160 @Nullable [] sorted;

  private InfoHashList() {}

  /** Reads a whole list; lines that are no info-hash are skipped and counted. */
  public static InfoHashList parse(String text) {
    var list = new InfoHashList();
    text.lines().forEach(list::addLine);
    return list;
  }

  private void addLine(String line) {
    int end = 0;
    while (end < line.length() && line.charAt(end) > ' ' && line.charAt(end) != '#') {
      end++;
    }
    var word = line.substring(0, end);
    try {
      if (word.length() == 2 * Hash256.BYTES) {
        infoHashes.add(Hash256.parse(word).truncated());
      } else if (!word.isEmpty()) {
        infoHashes.add(Hash160.parse(word));
      }
    } catch (IllegalArgumentException e) {
      malformedLineCount++;
    }
  }

  public boolean contains(Hash160 infoHash) {
    return infoHashes.contains(infoHash);
  }

  /** Up to so many of them in their order, from the one after {@code after} on. */
  public List<Hash160> page(@Nullable Hash160 after, int countMax) {
    if (sorted == null) {
      sorted = infoHashes.stream().sorted().toArray(Hash160[]::new);
    }
    int found = after == null ? -1 : Arrays.binarySearch(sorted, after);
    int from = found >= 0 || after == null ? found + 1 : ~found;
    return List.of(Arrays.copyOfRange(sorted, from, Math.min(from + countMax, sorted.length)));
  }

  public int size() {
    return infoHashes.size();
  }

  public int malformedLineCount() {
    return malformedLineCount;
  }
}
