package org.spate.core.tracker;

/** Spreads a key over 64 bits (the finalizer of MurmurHash3, A. Appleby). */
final class Mix {
  private Mix() {}

  static long of(long key) {
    long mixed = (key ^ key >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }
}
