package org.spate.app.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the demonstration is to show.
 *
 * @param peerCount leechers, beside the seed
 * @param sizeBytes of the file that is made if there is none given
 * @param file what is spread, a file or folder of the user's, which is only read; or null
 * @param upRate of each leecher, bytes a second, 0 for no limit
 * @param seedUpRate of the seed, likewise
 */
public record DemoSettings(
    int peerCount, long sizeBytes, @Nullable Path file, long upRate, long seedUpRate) {

  /** Each has threads and a session of its own. */
  public static final int PEER_COUNT_MAX = 100;

  public static final int PEER_COUNT_USUAL = 8;
  public static final long SIZE_USUAL = 64L << 20;
  public static final long RATE_USUAL = 4L << 20;

  public DemoSettings {
    if (peerCount < 1 || peerCount > PEER_COUNT_MAX) {
      throw new IllegalArgumentException("from 1 to " + PEER_COUNT_MAX + " peers, please");
    }
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("an empty file spreads by itself");
    }
  }
}
