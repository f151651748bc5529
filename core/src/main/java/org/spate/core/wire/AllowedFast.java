package org.spate.core.wire;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * The pieces that a peer may download while it is choked (BEP 6): a set that depends on its network
 * and on the torrent alone, so that all its neighbours offer the same few pieces.
 */
public final class AllowedFast {
  private static final int NETWORK_MASK = 0xFFFF_FF00;

  private AllowedFast() {}

  /**
   * The first {@code k} pieces of the set, in the order of the BEP; all pieces if there are no
   * more. Empty for an IPv6 peer, for which the BEP defines no set.
   *
   * @param peer its address as others see it
   * @param k how many, 0 and up; meant to be small, the effort is quadratic
   */
  public static int[] set(Endpoint peer, Hash160 infoHash, int k, int pieceCount) {
    if (!peer.isV4()) {
      return new int[0];
    }
    if (k >= pieceCount) {
      return IntStream.range(0, pieceCount).toArray();
    }
    var seed = new byte[4 + Hash160.BYTES];
    BigEndian.putInt(seed, 0, peer.v4Address() & NETWORK_MASK);
    infoHash.copyTo(seed, 4);
    return draw(Hash160.sha1(seed, 0, seed.length).bytes(), k, pieceCount);
  }

  /** Each hash gives five numbers, and the next hash. */
  private static int[] draw(byte[] first, int k, int pieceCount) {
    var set = new int[k];
    int size = 0;
    var hash = first;
    for (int at = 0; size < k; at += 4) {
      if (at == hash.length) {
        hash = Hash160.sha1(hash, 0, hash.length).bytes();
        at = 0;
      }
      int index = Integer.remainderUnsigned(BigEndian.intAt(hash, at), pieceCount);
      if (Arrays.stream(set, 0, size).noneMatch(drawn -> drawn == index)) {
        set[size++] = index;
      }
    }
    return set;
  }
}
