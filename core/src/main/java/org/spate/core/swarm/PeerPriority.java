package org.spate.core.swarm;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/**
 * The canonical priority of a pair of peers (BEP 40): both come to the same number, nobody can
 * choose his, and so who connects to whom is spread evenly over a swarm.
 */
final class PeerPriority {
  private static final int V4_WHOLE_BYTES = 2;
  private static final int V6_WHOLE_BYTES = 6;
  private static final byte MASK = 0x55;

  private PeerPriority() {}

  /**
   * How much two peers of one family should be connected; greater is better, as an unsigned number.
   *
   * @param ours how others see us
   */
  static int of(Endpoint ours, Endpoint theirs) {
    if (ours.sameAddress(theirs)) {
      return crc(sorted(port(ours), port(theirs)));
    }
    var one = ours.address();
    var other = theirs.address();
    int least = ours.isV4() ? V4_WHOLE_BYTES : V6_WHOLE_BYTES;
    int common = Math.max(0, Arrays.mismatch(one, other));
    int whole = common >= least ? common + 1 : least;
    return crc(sorted(masked(one, whole), masked(other, whole)));
  }

  private static byte[] port(Endpoint endpoint) {
    var bytes = new byte[2];
    BigEndian.putShort(bytes, 0, endpoint.port());
    return bytes;
  }

  private static byte[] masked(byte[] address, int whole) {
    var masked = address.clone();
    for (int i = whole; i < masked.length; i++) {
      masked[i] &= MASK;
    }
    return masked;
  }

  private static byte[] sorted(byte[] one, byte[] other) {
    boolean isInOrder = Arrays.compareUnsigned(one, other) <= 0;
    var both = Arrays.copyOf(isInOrder ? one : other, one.length + other.length);
    var last = isInOrder ? other : one;
    System.arraycopy(last, 0, both, both.length - last.length, last.length);
    return both;
  }

  private static int crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }
}
