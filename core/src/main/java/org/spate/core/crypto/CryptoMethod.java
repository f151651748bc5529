package org.spate.core.crypto;

import org.jspecify.annotations.Nullable;

/** What a link does once its key exchange is over. */
public enum CryptoMethod {
  PLAINTEXT,
  RC4;

  /** Its bit in {@code crypto_provide} and {@code crypto_select}. */
  int bit() {
    return 1 << ordinal();
  }

  /** The method that this one bit stands for, or null if it stands for none, or several are set. */
  static @Nullable CryptoMethod of(int bit) {
    return switch (bit) {
      case 1 -> PLAINTEXT;
      case 2 -> RC4;
      default -> null;
    };
  }
}
