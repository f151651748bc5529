package org.spate.core.tracker;

/**
 * One run of a client in one swarm, known by its peer id whatever addresses it announces from:
 * where its counters stood at its last announce, and when that was.
 */
final class Run {
  private static final long SECOND_NANOS = 1_000_000_000L;

  final int fingerprint;
  long uploaded;
  long downloaded;
  long seenNanos;

  Run(int fingerprint, long uploaded, long downloaded, long seenNanos) {
    this.fingerprint = fingerprint;
    this.uploaded = uploaded;
    this.downloaded = downloaded;
    this.seenNanos = seenNanos;
  }

  /**
   * By how much the counters have grown.
   *
   * @param isCut whether more was claimed than the rate allows
   */
  record Growth(long uploaded, long downloaded, boolean isCut) {}

  /**
   * Takes over the counters of an announce. If one has jumped back, the client has begun to count
   * anew, and what it moved until now is not known; the same announce by another address adds
   * nothing; and nobody moves more than so many bytes a second.
   */
  Growth advance(long newUploaded, long newDownloaded, long rateMax, long nowNanos) {
    boolean isReset = newUploaded < uploaded || newDownloaded < downloaded;
    long up = isReset ? 0 : newUploaded - uploaded;
    long down = isReset ? 0 : newDownloaded - downloaded;
    long most = most(rateMax, nowNanos - seenNanos);
    uploaded = newUploaded;
    downloaded = newDownloaded;
    seenNanos = nowNanos;
    return new Growth(Math.min(up, most), Math.min(down, most), up > most || down > most);
  }

  private static long most(long rateMax, long elapsedNanos) {
    double bytes = (double) rateMax * Math.max(0, elapsedNanos) / SECOND_NANOS;
    return (long) Math.min(bytes, Long.MAX_VALUE);
  }
}
