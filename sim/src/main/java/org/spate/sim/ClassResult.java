package org.spate.sim;

/**
 * How one class of nodes fared; of nodes that completed.
 *
 * @param meanSeconds from joining to the last piece; 0 if none completed
 * @param sentBytes block bytes sent to other nodes
 * @param receivedBytes block bytes received
 */
public record ClassResult(
    String name,
    int count,
    int completed,
    double meanSeconds,
    double maxSeconds,
    long sentBytes,
    long receivedBytes) {

  /** Block bytes given for each block byte taken; 0 if none were taken. */
  public double shareRatio() {
    return receivedBytes == 0 ? 0 : (double) sentBytes / receivedBytes;
  }
}
