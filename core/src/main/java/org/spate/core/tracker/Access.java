package org.spate.core.tracker;

import org.spate.core.Hash160;

/** Decides which swarms a tracker serves. */
public interface Access {
  /** Serves all. */
  Access OPEN = _ -> true;

  boolean allows(Hash160 infoHash);

  /** Serves those on the list. */
  static Access allowing(InfoHashList list) {
    return list::contains;
  }

  /** Serves those not on the list. */
  static Access denying(InfoHashList list) {
    return infoHash -> !list.contains(infoHash);
  }
}
