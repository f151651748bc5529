package org.spate.tracker.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The reply of a script: some numbers and some strings, as they come off the wire. One that has
 * more of them than a script of ours gives is cut.
 */
final class ScriptReply extends CommandOutput<byte[], byte[], @Nullable ScriptReply> {
  private static final int NUMBER_COUNT_MAX = 8;
  private static final int TEXT_COUNT_MAX = 2;
  private static final byte[] NOTHING = {};

  private final long[] numbers = new long[NUMBER_COUNT_MAX];
  private final byte[][] texts = {NOTHING, NOTHING};
  private int numberCount;
  private int textCount;

  ScriptReply() {
    super(ByteArrayCodec.INSTANCE, null);
  }

  @Override
  public @Nullable ScriptReply get() {
    return this;
  }

  @Override
  public void set(long number) {
    if (numberCount < NUMBER_COUNT_MAX) {
      numbers[numberCount++] = number;
    }
  }

  @Override
  public void set(@Nullable ByteBuffer text) {
    if (textCount < TEXT_COUNT_MAX && text != null) {
      var bytes = new byte[text.remaining()];
      text.get(bytes);
      texts[textCount++] = bytes;
    }
  }

  @Override
  public void multi(int count) {}

  /** Zero if there is none. */
  long number(int index) {
    return numbers[index];
  }

  /** The same as a count: 0 and up. */
  int count(int index) {
    return Math.clamp(numbers[index], 0, Integer.MAX_VALUE);
  }

  /** Empty if there is none. */
  byte[] text(int index) {
    return texts[index];
  }
}
