package org.spate.core.announce;

import org.spate.core.Hash160;
import org.spate.core.PeerId;

/**
 * What a client tells a tracker (BEP 3), over HTTP and UDP alike.
 *
 * @param infoHash the v1 info-hash, or the v2 one truncated to 20 bytes
 * @param port where the client listens, 0 to 65535; 0 if it cannot be reached
 * @param uploaded bytes sent to peers since {@code started}
 * @param downloaded bytes received from peers since {@code started}
 * @param left bytes still missing; 0 for a seed
 * @param numwant how many peers are wanted, or {@link #NUMWANT_DEFAULT}
 * @param key stays the same when the client's address changes (BEP 7)
 */
public record AnnounceRequest(
    Hash160 infoHash,
    PeerId peerId,
    int port,
    long uploaded,
    long downloaded,
    long left,
    AnnounceEvent event,
    int numwant,
    int key) {

  /** Leaves the number of peers to the tracker. */
  public static final int NUMWANT_DEFAULT = -1;

  public AnnounceRequest {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
    if (uploaded < 0 || downloaded < 0 || left < 0) {
      throw new IllegalArgumentException("negative byte count");
    }
    if (numwant < NUMWANT_DEFAULT) {
      throw new IllegalArgumentException("numwant out of range: " + numwant);
    }
  }

  public boolean isSeed() {
    return left == 0;
  }
}
