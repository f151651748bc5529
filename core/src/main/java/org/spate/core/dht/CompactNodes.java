package org.spate.core.dht;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.bencode.Bencoded;

/** Nodes and peers in as few bytes as can be: 26 and 6 for IPv4 (BEP 5), 38 and 18 (BEP 32). */
final class CompactNodes {
  private static final int V4_BYTES = 6;
  private static final int V6_BYTES = 18;

  private CompactNodes() {}

  static byte[] peer(Endpoint peer) {
    var bytes = new byte[peer.isV4() ? V4_BYTES : V6_BYTES];
    write(peer, bytes, 0);
    return bytes;
  }

  private static void write(Endpoint peer, byte[] target, int offset) {
    var address = peer.address();
    System.arraycopy(address, 0, target, offset, address.length);
    BigEndian.putShort(target, offset + address.length, peer.port());
  }

  /** An address as it is told in six or eighteen bytes, else null. */
  static @Nullable Endpoint peer(byte[] source, int start, int length) {
    if (length == V4_BYTES) {
      return Endpoint.v4(BigEndian.intAt(source, start), BigEndian.shortAt(source, start + 4));
    }
    if (length != V6_BYTES) {
      return null;
    }
    var peer =
        new Endpoint(
            BigEndian.longAt(source, start),
            BigEndian.longAt(source, start + 8),
            BigEndian.shortAt(source, start + 16));
    return peer.isV4() ? null : peer; // an IPv4 address in the form of IPv6 belongs in neither list
  }

  /** The nodes of one family, one after the other. */
  static byte[] nodes(List<NodeInfo> nodes, boolean v6) {
    int stride = Hash160.BYTES + (v6 ? V6_BYTES : V4_BYTES);
    var bytes = new byte[stride * count(nodes, v6)];
    int position = 0;
    for (var node : nodes) {
      if (node.endpoint().isV4() != v6) {
        node.id().copyTo(bytes, position);
        write(node.endpoint(), bytes, position + Hash160.BYTES);
        position += stride;
      }
    }
    return bytes;
  }

  static int count(List<NodeInfo> nodes, boolean v6) {
    int count = 0;
    for (var node : nodes) {
      count += node.endpoint().isV4() == v6 ? 0 : 1;
    }
    return count;
  }

  /** Adds up to {@code countMax} nodes; a rest too short for one is ignored. */
  static void read(Bencoded.@Nullable Text text, boolean v6, int countMax, List<NodeInfo> into) {
    if (text == null) {
      return;
    }
    int length = v6 ? V6_BYTES : V4_BYTES;
    int stride = Hash160.BYTES + length;
    int count = Math.min(text.length() / stride, countMax);
    for (int i = 0; i < count; i++) {
      int at = text.contentStart() + i * stride;
      var endpoint = peer(text.source(), at + Hash160.BYTES, length);
      if (endpoint != null) {
        into.add(new NodeInfo(Hash160.at(text.source(), at), endpoint));
      }
    }
  }

  /** Up to {@code countMax} peers of a list of strings; what is none is left out. */
  static List<Endpoint> peers(Bencoded.@Nullable Items list, int countMax) {
    var peers = new ArrayList<Endpoint>();
    if (list != null) {
      for (var value : list.values()) {
        if (peers.size() < countMax && value instanceof Bencoded.Text t) {
          var peer = peer(t.source(), t.contentStart(), t.length());
          if (peer != null) {
            peers.add(peer);
          }
        }
      }
    }
    return peers;
  }
}
