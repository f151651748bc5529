package org.spate.sim;

import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Payload;

/**
 * The bytes of blocks in a world without bytes: a length, and a taint that is 0 for the right
 * bytes. Counts how many payloads are held, so that a leak shows.
 */
final class BlockBytes {
  private final Block wholeBlock = new Block(PieceGeometry.BLOCK_LENGTH, 0);
  private long held;

  /** The payload of every good block of the usual length. */
  Payload wholeBlock() {
    return wholeBlock;
  }

  Payload good(int length) {
    held++;
    return length == PieceGeometry.BLOCK_LENGTH ? wholeBlock : new Block(length, 0);
  }

  /** Takes a payload's place with wrong bytes. */
  Payload corrupted(Payload good, long taint) {
    return new Block(good.length(), taint | 1);
  }

  static long taint(Payload payload) {
    return ((Block) payload).taint;
  }

  /** Payloads handed out and not yet released. */
  long held() {
    return held;
  }

  private final class Block implements Payload {
    private final int length;
    private final long taint;

    Block(int length, long taint) {
      this.length = length;
      this.taint = taint;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void release() {
      held--;
    }
  }
}
