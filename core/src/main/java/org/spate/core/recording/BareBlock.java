package org.spate.core.recording;

import org.spate.core.wire.Payload;

/** A block of which only the length is left. */
record BareBlock(int length) implements Payload {

  static BareBlock ofLength(int length) {
    if (length < 0) {
      throw new RecordingException("a block of negative length");
    }
    return new BareBlock(length);
  }

  @Override
  public void release() {
    // There is nothing to give back.
  }

  @Override
  public String toString() {
    return length + " bytes";
  }
}
