package org.spate.sim;

/** What an event is about; its index names a node, a flow or an entry of the scenario. */
enum EventKind {
  /** Node: the upload has finished its quanta and others wait. */
  UPLINK_FREE,
  /** Flow: the last byte of a batch has reached the receiver's download. */
  ARRIVED,
  /** Flow: a batch has passed the receiver's download. */
  DELIVERED,
  /** Flow: the dialled node has the whole handshake. */
  DIALLED,
  /** Flow: the dialling node has the answer. */
  ANSWERED,
  /** Flow: a dial came to nothing. */
  DIAL_FAILED,
  /** Flow: the other side's end of stream has arrived. */
  STREAM_ENDED,
  /** Node: its machine's deadline. */
  DEADLINE,
  /** Node: the disk has finished its oldest read. */
  BLOCK_READ,
  /** Node: the hashes of its oldest waiting piece are known. */
  PIECE_HASHED,
  /** Node: a tracker's answer has arrived. */
  TRACKER_REPLIED,
  /** Node: time to announce. */
  ANNOUNCE_DUE,
  /** Node: it joins the swarm. */
  JOIN,
  /** Node: it leaves the swarm. */
  LEAVE,
  /** Fault of the scenario. */
  FAULT,
  /** The curves of the result take a point. */
  SAMPLE;

  private static final EventKind[] ALL = values();
  private static final int KIND_BITS = 4;
  private static final int INDEX_BITS = Long.SIZE - 1 - KIND_BITS - Integer.SIZE;

  /** Most nodes, and most flows, of a world. */
  static final int INDEX_MAX = (1 << INDEX_BITS) - 1;

  /**
   * An event as one number, never negative.
   *
   * @param detail of a flow's event: the batch
   */
  long what(int index, int detail) {
    return ((long) ordinal() << INDEX_BITS | index) << Integer.SIZE
        | Integer.toUnsignedLong(detail);
  }

  static EventKind of(long what) {
    return ALL[(int) (what >>> (Integer.SIZE + INDEX_BITS))];
  }

  static int index(long what) {
    return (int) (what >>> Integer.SIZE) & INDEX_MAX;
  }

  static int detail(long what) {
    return (int) what;
  }
}
