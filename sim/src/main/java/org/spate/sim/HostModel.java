package org.spate.sim;

/**
 * What a node's disk and processor can do.
 *
 * @param readLatencyNanos from asking for a block to having it, beside the time to read it
 * @param readRate bytes a second, 0 for reads that take no time (from the page cache)
 * @param hashRate bytes a second, 0 for hashes that take no time
 */
public record HostModel(long readLatencyNanos, long readRate, long hashRate) {
  /** Reads from the page cache; SHA-1 with hardware instructions. */
  public static final HostModel DEFAULT = new HostModel(0, 0, 1_500_000_000L);

  public HostModel {
    Checks.notNegative(readLatencyNanos, "read latency");
    Checks.notNegative(readRate, "read rate");
    Checks.notNegative(hashRate, "hash rate");
  }

  boolean readsAtOnce() {
    return readLatencyNanos == 0 && readRate == 0;
  }

  long readNanos(int bytes) {
    return readRate == 0 ? 0 : bytes * 1_000_000_000L / readRate;
  }

  long hashNanos(int bytes) {
    return hashRate == 0 ? 0 : bytes * 1_000_000_000L / hashRate;
  }
}
