package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.List;
import org.spate.core.wire.Payload;

/** A block that may be corrupt, and that must be released or stored exactly once. */
final class TestBlock implements Payload {
  private final int length;
  private final boolean isCorrupt;
  private boolean isSettled;

  /** Every block of a test, to see in the end that none leaked. */
  static final class Register {
    private final List<TestBlock> blocks = new ArrayList<>();

    TestBlock block(int length, boolean isCorrupt) {
      var block = new TestBlock(length, isCorrupt);
      blocks.add(block);
      return block;
    }

    int count() {
      return blocks.size();
    }

    /** Blocks that are neither released nor stored. */
    long leaked() {
      return blocks.stream().filter(block -> !block.isSettled).count();
    }
  }

  private TestBlock(int length, boolean isCorrupt) {
    this.length = length;
    this.isCorrupt = isCorrupt;
  }

  /** What a poisoner puts in a message; the one that arrives is registered. */
  static TestBlock forged(int length) {
    return new TestBlock(length, true);
  }

  boolean isCorrupt() {
    return isCorrupt;
  }

  @Override
  public int length() {
    return length;
  }

  /** Also what a host does that stores or sends it. */
  @Override
  public void release() {
    if (isSettled) {
      throw new AssertionError("a block of " + length + " bytes is given back twice");
    }
    isSettled = true;
  }
}
