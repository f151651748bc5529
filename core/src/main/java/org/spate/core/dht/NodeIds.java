package org.spate.core.dht;

import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * Node ids: their distance, which is XOR read as a number (BEP 5), and the 21 bits of them that an
 * address decides (BEP 42), so that nobody can choose a place near a target.
 */
final class NodeIds {
  static final int BITS = 160;

  private static final int V4_MASK = 0x030f3fff;
  private static final long V6_MASK = 0x0103070f1f3f7fffL;
  private static final int BOUND_BITS = 0xFFFFF800; // the first 21
  private static final int SALT_MASK = 7;

  private NodeIds() {}

  /** Below 0 if {@code a} is closer to the target than {@code b}, above if farther. */
  static int compareDistance(Hash160 target, Hash160 a, Hash160 b) {
    int order = Long.compareUnsigned(target.high() ^ a.high(), target.high() ^ b.high());
    if (order == 0) {
      order = Long.compareUnsigned(target.middle() ^ a.middle(), target.middle() ^ b.middle());
    }
    return order == 0
        ? Integer.compareUnsigned(target.low() ^ a.low(), target.low() ^ b.low())
        : order;
  }

  /** How many leading bits two ids share: 0 to 160. */
  static int commonPrefixBits(Hash160 a, Hash160 b) {
    if (a.high() != b.high()) {
      return Long.numberOfLeadingZeros(a.high() ^ b.high());
    }
    return a.middle() != b.middle()
        ? 64 + Long.numberOfLeadingZeros(a.middle() ^ b.middle())
        : 128 + Integer.numberOfLeadingZeros(a.low() ^ b.low());
  }

  static Hash160 random(RandomGenerator random) {
    return new Hash160(random.nextLong(), random.nextLong(), random.nextInt());
  }

  /** A random id that shares exactly so many leading bits with {@code id}: 0 to 159. */
  static Hash160 sharing(Hash160 id, int prefixBits, RandomGenerator random) {
    var ours = id.bytes();
    var bytes = random(random).bytes();
    for (int bit = 0; bit <= prefixBits; bit++) {
      int mask = 0x80 >>> (bit & 7);
      int wanted = bit < prefixBits ? ours[bit >>> 3] : ~ours[bit >>> 3];
      bytes[bit >>> 3] = (byte) ((bytes[bit >>> 3] & ~mask) | (wanted & mask));
    }
    return Hash160.of(bytes);
  }

  /** A random id that an address may have (BEP 42). */
  static Hash160 boundTo(Endpoint address, RandomGenerator random) {
    var id = random(random);
    int hash = hash(address, id.low() & SALT_MASK);
    long top = (hash & BOUND_BITS) | ((int) (id.high() >>> 32) & ~BOUND_BITS);
    return new Hash160(top << 32 | (id.high() & 0xFFFFFFFFL), id.middle(), id.low());
  }

  /** Whether an address may have this id; in local networks every id is good. */
  static boolean isBoundTo(Hash160 id, Endpoint address) {
    return Reach.isLocal(address)
        || ((hash(address, id.low() & SALT_MASK) ^ (int) (id.high() >>> 32)) & BOUND_BITS) == 0;
  }

  /** CRC32C of the masked address with three bits of salt in front (BEP 42). */
  static int hash(Endpoint address, int salt) {
    byte[] bytes;
    if (address.isV4()) {
      bytes = new byte[4];
      BigEndian.putInt(bytes, 0, (address.v4Address() & V4_MASK) | salt << 29);
    } else {
      bytes = new byte[8];
      BigEndian.putLong(bytes, 0, (address.high() & V6_MASK) | (long) salt << 61);
    }
    var crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }
}
