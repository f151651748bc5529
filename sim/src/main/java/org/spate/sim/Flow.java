package org.spate.sim;

import org.jspecify.annotations.Nullable;
import org.spate.core.wire.MessageEncoder;
import org.spate.core.wire.PeerMessage;

/**
 * One direction of a link, a byte stream: its messages from the moment a host hands them over until
 * they are delivered, in order. It is also the sender's end of the link.
 *
 * <p>A message is with the host, then accepted by the kernel, then served by the upload as (part
 * of) a batch, then delivered; four counters into one ring tell these apart.
 */
final class Flow {
  static final int BATCH_BYTES_MAX = 1 << 24;

  final int id;
  final AccessLink from;
  final AccessLink to;
  private @Nullable Flow reverse;

  /** The link's number at the sender's host; 0 until that host has opened it. */
  int number;

  /** Whether the sender's end is open. */
  boolean open;

  /** Events under way that name this flow. */
  int pendingEvents;

  /** When the last byte that was served reaches the other end. */
  long lastArrivalNanos;

  /** The neighbour in the upload's round of flows. */
  @Nullable Flow nextInRound;

  boolean inRound;

  private @Nullable PeerMessage[] messages = new PeerMessage[4];
  private int[] lengths = new int[4];
  private int delivered;
  private int served;
  private int accepted;
  private int end;
  private int servedPart; // bytes already served of the first message that is not
  private int unsentBytes;
  private int underWayBytes;
  private int segmentFill; // bytes in the last segment, when more follow at once

  private long[] batches = new long[2];
  private int batchDelivered;
  private int batchArrived;
  private int batchEnd;

  Flow(int id, AccessLink from, AccessLink to) {
    this.id = id;
    this.from = from;
    this.to = to;
  }

  void pair(Flow other) {
    reverse = other;
    other.reverse = this;
  }

  Flow reverse() {
    if (reverse == null) {
      throw new IllegalStateException("a flow without its other direction");
    }
    return reverse;
  }

  /** The host hands a message over. */
  void add(PeerMessage message) {
    if (end - delivered == messages.length) {
      grow();
    }
    int slot = end++ & messages.length - 1;
    messages[slot] = message;
    lengths[slot] = lengthOf(message);
  }

  /** Lets the kernel take what it has room for; returns the block bytes that it took. */
  int acceptInto(int unsentMax) {
    int blockBytes = 0;
    while (accepted != end && unsentBytes < unsentMax) {
      int slot = accepted++ & messages.length - 1;
      unsentBytes += lengths[slot];
      if (messages[slot] instanceof PeerMessage.Piece piece) {
        blockBytes += piece.block().length();
      }
    }
    return blockBytes;
  }

  boolean canBeServed(int windowBytes) {
    return unsentBytes > 0 && underWayBytes < windowBytes;
  }

  /**
   * Serves a batch: as many whole messages as fit into the quantum, or a part of one that does not
   * fit. Returns its bytes on the wire, headers included.
   */
  int serve(NetworkModel model) {
    int bytes = 0;
    int completed = 0;
    while (served != accepted) {
      int left = lengths[served & lengths.length - 1] - servedPart;
      if (bytes + left <= model.quantumBytes()) {
        bytes += left;
        servedPart = 0;
        served++;
        completed++;
      } else {
        if (bytes == 0) {
          bytes = model.quantumBytes();
          servedPart += bytes;
        }
        break;
      }
    }
    unsentBytes -= bytes;
    underWayBytes += bytes;
    int segments = segments(bytes, model.segmentBytes());
    addBatch((long) bytes << 40 | (long) segments << 20 | completed);
    return bytes + segments * model.headerBytes();
  }

  /** The batch that has arrived now; counts it as arrived. */
  long arrive() {
    return batches[batchArrived++ & batches.length - 1];
  }

  /** The batch that is delivered now; its messages are then taken with {@link #take}. */
  long deliver() {
    long batch = batches[batchDelivered++ & batches.length - 1];
    underWayBytes -= batchBytes(batch);
    return batch;
  }

  PeerMessage take() {
    int slot = delivered++ & messages.length - 1;
    var message = messages[slot];
    messages[slot] = null;
    if (message == null) {
      throw new IllegalStateException("no message to deliver");
    }
    return message;
  }

  /** Gives up what no batch carries yet; returns each message once, then null. */
  @Nullable PeerMessage discardUnserved() {
    unsentBytes = 0;
    accepted = served;
    if (end == served) {
      servedPart = 0;
      return null;
    }
    int slot = --end & messages.length - 1;
    var message = messages[slot];
    messages[slot] = null;
    return message;
  }

  static int batchBytes(long batch) {
    return (int) (batch >>> 40);
  }

  static int batchSegments(long batch) {
    return (int) (batch >>> 20) & 0xFFFFF;
  }

  static int batchMessages(long batch) {
    return (int) batch & 0xFFFFF;
  }

  /** Segments filled by a batch: the last one is sent short only if nothing follows at once. */
  private int segments(int bytes, int segmentBytes) {
    int total = segmentFill + bytes;
    if (unsentBytes > 0) {
      segmentFill = total % segmentBytes;
      return total / segmentBytes;
    }
    segmentFill = 0;
    return (total + segmentBytes - 1) / segmentBytes;
  }

  private void addBatch(long batch) {
    if (batchEnd - batchDelivered == batches.length) {
      var larger = new long[batches.length * 2];
      for (int i = batchDelivered; i != batchEnd; i++) {
        larger[i & larger.length - 1] = batches[i & batches.length - 1];
      }
      batches = larger;
    }
    batches[batchEnd++ & batches.length - 1] = batch;
  }

  private void grow() {
    @Nullable PeerMessage[] moreMessages = new PeerMessage[messages.length * 2];
    var moreLengths = new int[messages.length * 2];
    for (int i = delivered; i != end; i++) {
      moreMessages[i & moreMessages.length - 1] = messages[i & messages.length - 1];
      moreLengths[i & moreLengths.length - 1] = lengths[i & lengths.length - 1];
    }
    messages = moreMessages;
    lengths = moreLengths;
  }

  /** The common messages first: this is asked for each of them. */
  private static int lengthOf(PeerMessage message) {
    if (message instanceof PeerMessage.Piece piece) {
      return 13 + piece.block().length();
    }
    if (message instanceof PeerMessage.Request) {
      return 17;
    }
    return message instanceof PeerMessage.Have ? 9 : MessageEncoder.encodedLength(message);
  }
}
