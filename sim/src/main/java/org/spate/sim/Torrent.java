package org.spate.sim;

import org.spate.core.Hash160;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.PieceGeometry;

/** The one torrent of a world. */
record Torrent(InfoHash infoHash, PieceGeometry geometry) {
  static Torrent of(Scenario scenario) {
    return new Torrent(new InfoHash(new Hash160(1, 2, 3), null), scenario.geometry());
  }
}
