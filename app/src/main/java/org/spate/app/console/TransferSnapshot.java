package org.spate.app.console;

import java.time.Duration;
import java.util.Optional;

/**
 * One torrent at one moment, to show.
 *
 * @param name as its torrent has it; made printable when it is shown
 * @param phase what it is doing, in a word or two: {@code checking}, {@code downloading}
 * @param doneBytes verified, of what is wanted
 * @param totalBytes what is wanted; 0 while that is not known
 * @param downBytesPerSecond 0 and up
 * @param upBytesPerSecond 0 and up
 * @param peerCount connected neighbours
 * @param seedCount how many of them have everything
 * @param isLocal only disks are at work: the rate down is that of reading, and there are no peers
 */
public record TransferSnapshot(
    String name,
    String phase,
    long doneBytes,
    long totalBytes,
    long downBytesPerSecond,
    long upBytesPerSecond,
    int peerCount,
    int seedCount,
    boolean isLocal) {

  public TransferSnapshot {
    if (doneBytes < 0 || totalBytes < 0 || doneBytes > totalBytes) {
      throw new IllegalArgumentException(doneBytes + " of " + totalBytes + " bytes");
    }
  }

  /** A torrent that takes part in its swarm. */
  public TransferSnapshot(
      String name,
      String phase,
      long doneBytes,
      long totalBytes,
      long downBytesPerSecond,
      long upBytesPerSecond,
      int peerCount,
      int seedCount) {
    this(
        name,
        phase,
        doneBytes,
        totalBytes,
        downBytesPerSecond,
        upBytesPerSecond,
        peerCount,
        seedCount,
        false);
  }

  /** Work on what is on disk, like hashing it. */
  public static TransferSnapshot local(
      String name, String phase, long doneBytes, long totalBytes, long bytesPerSecond) {
    return new TransferSnapshot(name, phase, doneBytes, totalBytes, bytesPerSecond, 0, 0, 0, true);
  }

  /** From 0 to 1; 0 while the total is not known. */
  public double fraction() {
    return totalBytes == 0 ? 0 : (double) doneBytes / totalBytes;
  }

  public boolean isComplete() {
    return totalBytes > 0 && doneBytes == totalBytes;
  }

  /** How long it takes at the present rate; empty when nothing comes or all is there. */
  public Optional<Duration> timeLeft() {
    return downBytesPerSecond <= 0 || isComplete() || totalBytes == 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((totalBytes - doneBytes) / downBytesPerSecond));
  }
}
