package org.spate.core.swarm;

import org.spate.core.metainfo.HashRange;
import org.spate.core.wire.PeerMessage;

/** What a hash request asks for, and what its answers look like (BEP 52). */
final class HashAsk {
  private HashAsk() {}

  static HashRange range(PeerMessage.HashRequest m) {
    return new HashRange(m.baseLayer(), m.index(), m.length(), m.proofLayers());
  }

  static PeerMessage.Hashes answer(PeerMessage.HashRequest m, byte[] hashes) {
    return new PeerMessage.Hashes(
        m.piecesRoot(), m.baseLayer(), m.index(), m.length(), m.proofLayers(), hashes);
  }

  static PeerMessage.HashReject reject(PeerMessage.HashRequest m) {
    return new PeerMessage.HashReject(
        m.piecesRoot(), m.baseLayer(), m.index(), m.length(), m.proofLayers());
  }
}
