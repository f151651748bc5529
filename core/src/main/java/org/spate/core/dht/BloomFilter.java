package org.spate.core.dht;

import java.util.Arrays;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * A set of addresses in 256 bytes that can be united with others and counted (BEP 33): what nodes
 * tell of a swarm, so that the swarm is counted though no node knows all of it.
 */
public final class BloomFilter {
  /** The length of a filter on the wire. */
  public static final int BYTES = 256;

  private static final int BITS = BYTES * 8;
  private static final int HASHES = 2;

  private final byte[] bits = new byte[BYTES];

  /**
   * Takes what a node sent.
   *
   * @throws IllegalArgumentException if it is not 256 bytes
   */
  public static BloomFilter of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a filter of 256 bytes expected, not " + bytes.length);
    }
    var filter = new BloomFilter();
    System.arraycopy(bytes, 0, filter.bits, 0, BYTES);
    return filter;
  }

  /** Adds an address; its port does not count. */
  public void add(Endpoint peer) {
    var address = peer.address();
    var hash = Hash160.sha1(address, 0, address.length).bytes();
    set((hash[0] & 0xFF) | (hash[1] & 0xFF) << 8);
    set((hash[2] & 0xFF) | (hash[3] & 0xFF) << 8);
  }

  private void set(int hash) {
    int bit = hash % BITS;
    bits[bit >>> 3] |= (byte) (1 << (bit & 7));
  }

  /** Adds all that another filter holds. */
  public void unite(BloomFilter other) {
    for (int i = 0; i < BYTES; i++) {
      bits[i] |= other.bits[i];
    }
  }

  /** About how many addresses were added; of no use beyond some 6,000. */
  public double estimate() {
    int zeros = BITS;
    for (byte b : bits) {
      zeros -= Integer.bitCount(b & 0xFF);
    }
    // A full filter would be infinitely many; so many as would leave one bit is the most it says.
    double empty = Math.clamp(zeros, 1, BITS - 1);
    return zeros == BITS ? 0 : Math.log(empty / BITS) / (HASHES * Math.log1p(-1.0 / BITS));
  }

  public byte[] bytes() {
    return bits.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BloomFilter filter && Arrays.equals(bits, filter.bits);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bits);
  }
}
