package org.spate.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/** Addresses as the resume data keep them: eighteen bytes each, IPv4 in its mapped form. */
final class KnownPeers {
  private static final int BYTES = 18;

  private KnownPeers() {}

  static byte[] encode(List<Endpoint> peers) {
    var bytes = new byte[peers.size() * BYTES];
    for (int i = 0; i < peers.size(); i++) {
      var peer = peers.get(i);
      BigEndian.putLong(bytes, i * BYTES, peer.high());
      BigEndian.putLong(bytes, i * BYTES + 8, peer.low());
      BigEndian.putShort(bytes, i * BYTES + 16, peer.port());
    }
    return bytes;
  }

  /** Any bytes will do; a rest that is no address is left out. */
  static List<Endpoint> decode(byte[] bytes) {
    var peers = new ArrayList<Endpoint>();
    for (int at = 0; at + BYTES <= bytes.length; at += BYTES) {
      var address = Arrays.copyOfRange(bytes, at, at + 16);
      peers.add(
          new Endpoint(
              BigEndian.longAt(address, 0),
              BigEndian.longAt(address, 8),
              BigEndian.shortAt(bytes, at + 16)));
    }
    return peers;
  }
}
