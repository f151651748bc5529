package org.spate.core.swarm;

/** Receives the blocks that a {@link PiecePicker} chose. */
@FunctionalInterface
interface BlockSink {
  void block(int piece, int begin, int length);
}
