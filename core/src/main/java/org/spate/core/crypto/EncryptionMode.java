package org.spate.core.crypto;

import org.jspecify.annotations.Nullable;

/** How much encryption a session wants of its links. */
public enum EncryptionMode {
  /** Plain links only. */
  OFF,
  /** Dials in the clear, encrypted to those who insist; takes both. */
  ACCEPTED,
  /** Dials encrypted, in the clear to those who cannot; takes both. */
  PREFERRED,
  /** Whole links encrypted or none. */
  REQUIRED;

  public boolean takesPlain() {
    return this != REQUIRED;
  }

  public boolean takesEncrypted() {
    return this != OFF;
  }

  /** Whether a dial begins with a key exchange. */
  public boolean dialsEncrypted() {
    return this == PREFERRED || this == REQUIRED;
  }

  /** Whether a dial that failed in the handshake is worth another one the other way. */
  public boolean dialsBothWays() {
    return this == ACCEPTED || this == PREFERRED;
  }

  /** The methods that we offer: {@code crypto_provide}. */
  int offer() {
    return this == REQUIRED
        ? CryptoMethod.RC4.bit()
        : CryptoMethod.RC4.bit() | CryptoMethod.PLAINTEXT.bit();
  }

  /** What to choose among the methods offered ({@code crypto_select}), or null for none. */
  @Nullable CryptoMethod choice(int offered) {
    var first = this == ACCEPTED ? CryptoMethod.PLAINTEXT : CryptoMethod.RC4;
    var second = this == ACCEPTED ? CryptoMethod.RC4 : CryptoMethod.PLAINTEXT;
    if ((offered & offer() & first.bit()) != 0) {
      return first;
    }
    return (offered & offer() & second.bit()) != 0 ? second : null;
  }
}
