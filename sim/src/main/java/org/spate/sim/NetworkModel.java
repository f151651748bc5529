package org.spate.sim;

import static org.spate.sim.Checks.positive;

/**
 * The parameters of every link.
 *
 * @param segmentBytes most payload bytes in a TCP segment
 * @param headerBytes what a segment costs on top: Ethernet, IP and TCP headers with options
 * @param ackBytes what an acknowledgement costs the receiver's upload; one goes out for every two
 *     segments; 0 for free
 * @param quantumBytes how much a link may send before the next link's turn
 * @param unsentMax unsent bytes of a link beyond which its kernel takes no more
 * @param windowBytes most bytes of a link under way, from the sender's upload until the receiver
 *     has them
 * @param dialTimeoutNanos how long a dial waits for a node that does not answer
 */
public record NetworkModel(
    int segmentBytes,
    int headerBytes,
    int ackBytes,
    int quantumBytes,
    int unsentMax,
    int windowBytes,
    long dialTimeoutNanos) {

  /** TCP with timestamps over Ethernet: 1448 of 1514 bytes are payload. */
  public static final NetworkModel DEFAULT =
      new NetworkModel(1448, 66, 66, 17 << 10, 32 << 10, 256 << 10, 10_000_000_000L);

  public NetworkModel {
    positive(segmentBytes, "segment size");
    positive(quantumBytes, "quantum");
    positive(unsentMax, "unsent bytes");
    positive(windowBytes, "window");
    positive(dialTimeoutNanos, "dial time-out");
    if (headerBytes < 0 || ackBytes < 0 || quantumBytes > Flow.BATCH_BYTES_MAX) {
      throw new IllegalArgumentException("header, acknowledgement or quantum out of range");
    }
  }

  /**
   * What bytes of a stream are on the wire. Segments are full, as those of a backlogged link are;
   * less than a segment costs one.
   */
  int wireBytes(int streamBytes) {
    return streamBytes < segmentBytes
        ? streamBytes + headerBytes
        : streamBytes + (int) ((long) streamBytes * headerBytes / segmentBytes);
  }

  /**
   * What these bytes of a stream cost their receiver's upload: half an acknowledgement a segment.
   */
  int acknowledgementBytes(int streamBytes) {
    return streamBytes < segmentBytes
        ? ackBytes / 2
        : (int) ((long) streamBytes * ackBytes / (2L * segmentBytes));
  }

  /**
   * How much a link may send that is the only one with something to send: twice as much costs half
   * the events, and a link that comes meanwhile waits for no more than what kernels keep queued.
   */
  int loneQuantumBytes() {
    return Math.min(2 * quantumBytes, Flow.BATCH_BYTES_MAX);
  }

  /** Nothing but payload: no headers, no acknowledgements. */
  public NetworkModel withoutOverhead() {
    return new NetworkModel(
        segmentBytes, 0, 0, quantumBytes, unsentMax, windowBytes, dialTimeoutNanos);
  }

  public NetworkModel withQuantumBytes(int bytes) {
    return new NetworkModel(
        segmentBytes, headerBytes, ackBytes, bytes, unsentMax, windowBytes, dialTimeoutNanos);
  }

  public NetworkModel withUnsentMax(int bytes) {
    return new NetworkModel(
        segmentBytes, headerBytes, ackBytes, quantumBytes, bytes, windowBytes, dialTimeoutNanos);
  }

  public NetworkModel withWindowBytes(int bytes) {
    return new NetworkModel(
        segmentBytes, headerBytes, ackBytes, quantumBytes, unsentMax, bytes, dialTimeoutNanos);
  }
}
