package org.spate.sim;

import org.jspecify.annotations.Nullable;

/**
 * A node's connection to the infinitely fast core: an upload that serves its flows in turn, a
 * download, a latency.
 */
final class AccessLink {
  final int id;
  final Host host;
  final double upNanosPerByte;
  final double downNanosPerByte;
  final long latencyNanos;

  boolean online;

  /** Nothing passes in or out before this time. */
  long frozenUntilNanos;

  /** While a partition lasts, nodes reach each other that share a group. */
  int groups = -1;

  long upFreeNanos;
  boolean upScheduled;
  long downFreeNanos;

  /** Bytes that the upload owes, for acknowledgements, when its next turn comes. */
  int owedBytes;

  long wireBytesSent;

  /** Of blocks that have left whole. */
  long blockBytesSent;

  long blockBytesReceived;

  private @Nullable Flow roundHead;
  private @Nullable Flow roundTail;

  /**
   * @param upload bytes a second
   * @param download bytes a second
   */
  AccessLink(int id, Host host, long upload, long download, long latencyNanos) {
    this.id = id;
    this.host = host;
    this.upNanosPerByte = 1e9 / upload;
    this.downNanosPerByte = 1e9 / download;
    this.latencyNanos = latencyNanos;
  }

  boolean hasBacklog() {
    return roundHead != null;
  }

  void enqueue(Flow flow) {
    if (flow.inRound) {
      return;
    }
    flow.inRound = true;
    if (roundTail == null) {
      roundHead = flow;
    } else {
      roundTail.nextInRound = flow;
    }
    roundTail = flow;
  }

  @Nullable Flow nextInRound() {
    var flow = roundHead;
    if (flow == null) {
      return null;
    }
    roundHead = flow.nextInRound;
    if (roundHead == null) {
      roundTail = null;
    }
    flow.nextInRound = null;
    flow.inRound = false;
    return flow;
  }

  long uploadNanos(int bytes) {
    wireBytesSent += bytes;
    return Math.round(bytes * upNanosPerByte);
  }

  /** When bytes that began to arrive and have now arrived will have passed the download. */
  long passDownload(int bytes, long beganNanos, long nowNanos) {
    long start = Math.max(downFreeNanos, beganNanos);
    downFreeNanos = start + Math.round(bytes * downNanosPerByte);
    return Math.max(nowNanos, downFreeNanos);
  }

  /** Something small, such as acknowledgements, goes out beside the flows. */
  void owe(int bytes, long nowNanos) {
    if (upScheduled) {
      owedBytes += bytes;
    } else {
      upFreeNanos = Math.max(upFreeNanos, nowNanos) + uploadNanos(bytes);
    }
  }
}
