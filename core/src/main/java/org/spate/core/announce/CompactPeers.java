package org.spate.core.announce;

import java.util.ArrayList;
import java.util.List;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/**
 * Lists of addresses and ports without separators: 6 bytes for IPv4 (BEP 23), 18 for IPv6 (BEP 7).
 */
final class CompactPeers {
  static final int V4_BYTES = 6;
  static final int V6_BYTES = 18;

  private CompactPeers() {}

  static int countOf(List<Endpoint> peers, boolean v6) {
    int count = 0;
    for (var peer : peers) {
      count += peer.isV4() == v6 ? 0 : 1;
    }
    return count;
  }

  /** Writes the peers of one family; returns the offset behind them. */
  static int write(List<Endpoint> peers, boolean v6, byte[] target, int offset) {
    int position = offset;
    for (var peer : peers) {
      if (peer.isV4() == v6) {
        continue;
      }
      if (v6) {
        BigEndian.putLong(target, position, peer.high());
        BigEndian.putLong(target, position + 8, peer.low());
      } else {
        BigEndian.putInt(target, position, peer.v4Address());
      }
      position += v6 ? V6_BYTES : V4_BYTES;
      BigEndian.putShort(target, position - 2, peer.port());
    }
    return position;
  }

  static byte[] bytes(List<Endpoint> peers, boolean v6) {
    var bytes = new byte[countOf(peers, v6) * (v6 ? V6_BYTES : V4_BYTES)];
    write(peers, v6, bytes, 0);
    return bytes;
  }

  /**
   * Reads up to {@code countMax} peers; a rest too short for one is ignored, and so is port 0, to
   * which nobody can connect.
   */
  static List<Endpoint> read(byte[] source, int start, int end, boolean v6, int countMax) {
    int stride = v6 ? V6_BYTES : V4_BYTES;
    var peers = new ArrayList<Endpoint>(Math.min((end - start) / stride, countMax));
    for (int at = start; at + stride <= end && peers.size() < countMax; at += stride) {
      int port = BigEndian.shortAt(source, at + stride - 2);
      if (port != 0) {
        peers.add(
            v6
                ? new Endpoint(BigEndian.longAt(source, at), BigEndian.longAt(source, at + 8), port)
                : Endpoint.v4(BigEndian.intAt(source, at), port));
      }
    }
    return peers;
  }
}
