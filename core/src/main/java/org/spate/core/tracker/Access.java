package org.spate.core.tracker;

import org.spate.core.Hash160;

/** Decides which swarms a tracker serves. */
public interface Access {
  /** Serves all. */
  Access OPEN =
      new Access() {
        @Override
        public boolean allows(Hash160 infoHash) {
          return true;
        }

        @Override
        public boolean isOpen() {
          return true;
        }
      };

  boolean allows(Hash160 infoHash);

  /** Whether it need not be asked. */
  default boolean isOpen() {
    return false;
  }

  /** Serves those on the list. */
  static Access allowing(InfoHashList list) {
    return list::contains;
  }

  /** Serves those not on the list. */
  static Access denying(InfoHashList list) {
    return infoHash -> !list.contains(infoHash);
  }
}
