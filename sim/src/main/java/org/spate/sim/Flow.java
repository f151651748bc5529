package org.spate.sim;

import org.jspecify.annotations.Nullable;
import org.spate.core.wire.PeerMessage;

/**
 * One direction of a link, a byte stream: its messages from the moment a host hands them over until
 * they are delivered, in order. It is also the sender's end of the link.
 *
 * <p>A message is with the host, then accepted by the kernel, then served by the upload as (part
 * of) a batch, then delivered; four counters into one ring tell these apart. There are millions of
 * flows in a large world, each seldom touched, so that what a flow costs is the memory it drags
 * into the cache: it is kept small.
 */
final class Flow {
  /** A batch is an int: its bytes above, the number of messages that it completes below. */
  private static final int MESSAGE_BITS = 11;

  private static final int BATCH_MESSAGES_MAX = (1 << MESSAGE_BITS) - 1;
  static final int BATCH_BYTES_MAX = (1 << (32 - MESSAGE_BITS)) - 1;

  final int id;
  final AccessLink from;
  final AccessLink to;
  final float upNanosPerByte; // the sender's, here because it is asked for at the other end
  private final LongArrays rings;
  private final MessageCodes codes;
  private @Nullable Flow reverse;

  /** The link's number at the sender's host; 0 until that host has opened it. */
  private int number;

  private boolean isOpen;

  // The same of the receiver's end, here because each delivery asks for it.
  private int receiverNumber;
  private boolean isReceiverOpen;

  /** Events under way that name this flow. */
  int pendingEvents;

  /** When the last byte that was served reaches the other end. */
  long lastArrivalNanos;

  /** The neighbour in the upload's round of flows. */
  @Nullable Flow nextInRound;

  boolean inRound;

  private long[] messages = LongArrays.NONE;
  private int delivered;
  private int served;
  private int accepted;
  private int end;
  private int servedPart; // bytes already served of the first message that is not
  private int unsentBytes;
  private int underWayBytes;

  Flow(int id, AccessLink from, AccessLink to, LongArrays rings, MessageCodes codes) {
    this.id = id;
    this.from = from;
    this.to = to;
    this.rings = rings;
    this.codes = codes;
    this.upNanosPerByte = (float) from.upNanosPerByte;
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

  int number() {
    return number;
  }

  void number(int given) {
    number = given;
    reverse().receiverNumber = given;
  }

  /** Whether the sender's end is open. */
  boolean isOpen() {
    return isOpen;
  }

  void open(boolean now) {
    isOpen = now;
    reverse().isReceiverOpen = now;
  }

  int receiverNumber() {
    return receiverNumber;
  }

  boolean isReceiverOpen() {
    return isReceiverOpen;
  }

  /** The host hands a message over. */
  void add(PeerMessage message) {
    if (end - delivered == messages.length) {
      grow();
    }
    messages[end++ & messages.length - 1] = codes.encode(message);
  }

  /** Lets the kernel take what it has room for; returns the block bytes that it took. */
  int acceptInto(int unsentMax) {
    int blockBytes = 0;
    while (accepted != end && unsentBytes < unsentMax) {
      long code = code(accepted++);
      unsentBytes += MessageCodes.length(code);
      blockBytes += codes.blockBytes(code);
    }
    return blockBytes;
  }

  boolean canBeServed(int windowBytes) {
    return unsentBytes > 0 && underWayBytes < windowBytes;
  }

  /**
   * Serves a batch: as many whole messages as fit into the quantum, or a part of one that does not
   * fit.
   */
  int serve(int quantumBytes) {
    int bytes = 0;
    int completed = 0;
    int blockBytes = 0;
    while (served != accepted && completed < BATCH_MESSAGES_MAX) {
      long code = code(served);
      int left = MessageCodes.length(code) - servedPart;
      if (bytes + left <= quantumBytes) {
        bytes += left;
        blockBytes += codes.blockBytes(code);
        servedPart = 0;
        served++;
        completed++;
      } else {
        if (bytes == 0) {
          bytes = quantumBytes;
          servedPart += bytes;
        }
        break;
      }
    }
    from.blockBytesSent += blockBytes;
    unsentBytes -= bytes;
    underWayBytes += bytes;
    return bytes << MESSAGE_BITS | completed;
  }

  /** A batch is delivered now; its messages are then taken with {@link #take}. */
  void deliver(int batch) {
    underWayBytes -= batchBytes(batch);
  }

  PeerMessage take() {
    var message = codes.decode(code(delivered++));
    if (delivered == end && messages.length > LongArrays.KEPT_MAX) {
      rings.giveBack(messages);
      messages = LongArrays.NONE;
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
    return codes.decode(code(--end));
  }

  static int batchBytes(int batch) {
    return batch >>> MESSAGE_BITS;
  }

  static int batchMessages(int batch) {
    return batch & BATCH_MESSAGES_MAX;
  }

  private long code(int position) {
    return messages[position & messages.length - 1];
  }

  private void grow() {
    var larger = rings.larger(messages.length);
    for (int i = delivered; i != end; i++) {
      larger[i & larger.length - 1] = code(i);
    }
    if (messages.length > 0) {
      rings.giveBack(messages);
    }
    messages = larger;
  }
}
