package org.spate.app.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.sim.Bounds;
import org.spate.sim.PeerGroup;

/**
 * What came of it.
 *
 * @param bounds the least times possible; null where a rate has no limit
 * @param seedSentBytes what the seed sent to everybody together
 */
public record DemoResult(
    long fileBytes, long seedSentBytes, @Nullable Bounds bounds, List<Copy> copies) {

  /**
   * One leecher's copy.
   *
   * @param seconds from the start until it was complete
   * @param sentBytes what it passed on
   * @param isIntact whether every piece on its disk has the right hash
   */
  public record Copy(String peer, double seconds, long sentBytes, boolean isIntact) {}

  static DemoResult of(
      DemoSettings settings, long fileBytes, int pieceLength, long seedSent, List<Copy> copies) {
    boolean isLimited = settings.upRate() > 0 && settings.seedUpRate() > 0;
    var peers = new PeerGroup(settings.peerCount(), settings.upRate(), Long.MAX_VALUE);
    var bounds =
        isLimited
            ? new Bounds(fileBytes, pieceLength, settings.seedUpRate(), List.of(peers))
            : null;
    return new DemoResult(fileBytes, seedSent, bounds, List.copyOf(copies));
  }

  /** Until the last one was complete. */
  public double distributionSeconds() {
    return copies.stream().mapToDouble(Copy::seconds).max().orElse(0);
  }

  /** How many times the file's size the seed sent. */
  public double seedCopies() {
    return (double) seedSentBytes / fileBytes;
  }

  public boolean isIntact() {
    return copies.stream().allMatch(Copy::isIntact);
  }
}
