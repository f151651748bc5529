package org.spate.core.tracker;

import org.spate.core.Endpoint;
import org.spate.core.announce.AnnounceRequest;

/**
 * An announce as a store takes it: checked, and with the peer's real address.
 *
 * @param peer where the peer is found: the address it announced from and the port it named
 * @param numwant how many peers to choose, 0 and up
 * @param families which peers can be told
 * @param withPeerIds whether their ids are wanted too
 */
public record Announcement(
    AnnounceRequest request, Endpoint peer, int numwant, Families families, boolean withPeerIds) {
  public Announcement {
    if (numwant < 0) {
      throw new IllegalArgumentException("negative numwant");
    }
  }
}
