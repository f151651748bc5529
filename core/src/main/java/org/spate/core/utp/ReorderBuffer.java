package org.spate.core.utp;

import org.jspecify.annotations.Nullable;
import org.spate.core.wire.Payload;

/** Payloads that arrived before one that is missing. */
final class ReorderBuffer {
  /** Packets beyond the first missing one: as many as a selective ack can name. */
  static final int PACKETS_MAX = SelectiveAck.BYTES_MAX * Byte.SIZE;

  private static final int PACKETS_FIRST = 16;

  private @Nullable Payload[] ring = new Payload[PACKETS_FIRST];
  private int count;
  private int bytes;
  private int furthest; // distance of the furthest held packet from the one in order; 0 if none

  int bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Keeps a payload.
   *
   * @param ack the last packet in order
   * @param distance how far beyond it this one lies, 2 and up
   * @return false if it is there already or too far away
   */
  boolean add(int ack, int distance, Payload payload) {
    if (distance > PACKETS_MAX) {
      return false;
    }
    while (distance >= ring.length) {
      grow(ack);
    }
    int place = place(Sequence.plus(ack, distance));
    if (ring[place] != null) {
      return false;
    }
    ring[place] = payload;
    bytes += payload.length();
    furthest = Math.max(furthest, distance);
    count++;
    return true;
  }

  private void grow(int ack) {
    var old = ring;
    ring = new Payload[old.length * 2];
    for (int i = 1; i < old.length; i++) {
      int sequence = Sequence.plus(ack, i);
      ring[place(sequence)] = old[sequence & old.length - 1];
    }
  }

  private int place(int sequence) {
    return sequence & ring.length - 1;
  }

  /** The packet in order is now the next one: takes its payload out if it is here. */
  @Nullable Payload advance(int ack) {
    furthest = Math.max(0, furthest - 1);
    int place = place(ack);
    var payload = ring[place];
    if (payload != null) {
      ring[place] = null;
      bytes -= payload.length();
      count--;
    }
    return payload;
  }

  boolean contains(int sequence) {
    return ring[place(sequence)] != null;
  }

  /** What is here as BEP 29 tells it, or null if nothing is. */
  @Nullable SelectiveAck selectiveAck(int ack) {
    if (count == 0) {
      return null;
    }
    int words = Math.ceilDiv(furthest - 1, SelectiveAck.WORD_BYTES * Byte.SIZE);
    var mask = new byte[Math.min(SelectiveAck.BYTES_MAX, words * SelectiveAck.WORD_BYTES)];
    for (int distance = 2; distance <= furthest; distance++) {
      int bit = distance - 2;
      if (bit < mask.length * Byte.SIZE && contains(Sequence.plus(ack, distance))) {
        mask[bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
      }
    }
    return new SelectiveAck(mask);
  }

  void clear() {
    for (int i = 0; i < ring.length; i++) {
      if (ring[i] != null) {
        ring[i].release();
        ring[i] = null;
      }
    }
    count = 0;
    bytes = 0;
    furthest = 0;
  }
}
