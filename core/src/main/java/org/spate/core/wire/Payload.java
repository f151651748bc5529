package org.spate.core.wire;

/**
 * The bytes of a block, which the core never reads: a pooled buffer or a file region in the engine,
 * a bare length in the simulator. Whoever holds it passes it on once or releases it once.
 */
public interface Payload {
  /** Bytes, 0 and up. */
  int length();

  /** Gives its memory back; it must not be used afterwards. */
  void release();
}
