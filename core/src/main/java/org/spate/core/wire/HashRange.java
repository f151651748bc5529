package org.spate.core.wire;

/**
 * The part of a file's Merkle tree that a hash message is about (BEP 52): {@code length} hashes of
 * a layer and the uncles that prove them.
 *
 * @param baseLayer layers above the leaves, of 16 KiB each
 * @param index of the first hash in its layer
 * @param length how many hashes of that layer
 * @param proofLayers how many layers above, those that the hashes themselves determine included
 */
public record HashRange(int baseLayer, int index, int length, int proofLayers) {
  /** No tree is higher: 2^49 leaves of 16 KiB are 2^63 bytes. */
  public static final int LAYERS_MAX = 50;

  /** Bytes of a hash. */
  public static final int HASH_BYTES = 32;

  /**
   * Whether a tree can have such a range, as far as that can be said without the tree: a power of
   * two of at least two hashes, aligned to it.
   */
  public boolean isValid() {
    return isLayer(baseLayer)
        && isLayer(proofLayers)
        && length >= 2
        && Integer.bitCount(length) == 1
        && index >= 0
        && index % length == 0
        && index <= Integer.MAX_VALUE - length;
  }

  private static boolean isLayer(int number) {
    return number >= 0 && number < LAYERS_MAX;
  }

  /**
   * Hashes in the answer to a valid range: the base layer and one uncle for each proof layer,
   * without the first log2(length) - 1 layers, which follow from the base layer.
   */
  public int hashCount() {
    int derivedLayers = Integer.numberOfTrailingZeros(length) - 1;
    return length + Math.max(0, proofLayers - derivedLayers);
  }
}
