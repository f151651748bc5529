package org.spate.engine.storage;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a torrent is stored.
 *
 * @param overwrite whether files that are in the way and do not match may be overwritten
 * @param recheck whether all existing data are checked whatever the resume data say
 * @param skipped indexes of files that are not wanted; null takes them from the resume data
 * @param checkpointNanos how long verified pieces may wait before they are forced to disk and
 *     claimed
 * @param facts asked on the loop for what the resume data should keep
 */
public record StorageOptions(
    boolean overwrite,
    boolean recheck,
    @Nullable BitSet skipped,
    long checkpointNanos,
    Supplier<ResumeFacts> facts) {

  /**
   * The system writes old pages back after about as long by itself, so that forcing them costs
   * little then.
   */
  public static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(30);
}
