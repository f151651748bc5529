package org.spate.core.bencode;

/**
 * What a reader puts up with.
 *
 * @param depthMax how deep lists and dictionaries may nest
 * @param valueCountMax how many values in all, which bounds memory
 * @param strict whether to refuse what a canonical writer would never produce: unsorted or
 *     duplicate keys, leading zeros in lengths and integers, {@code -0}
 */
public record BencodeLimits(int depthMax, int valueCountMax, boolean strict) {

  /** For {@code .torrent} files of others. */
  public static final BencodeLimits FILE = new BencodeLimits(100, 3_000_000, false);

  /** For messages from the network, whose size is bounded besides. */
  public static final BencodeLimits MESSAGE = new BencodeLimits(32, 100_000, false);

  /** For what only a canonical writer may have written. */
  public static final BencodeLimits STRICT = new BencodeLimits(100, 3_000_000, true);
}
