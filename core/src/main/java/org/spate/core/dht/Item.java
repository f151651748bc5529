package org.spate.core.dht;

import org.spate.core.Hash160;

/** A value in the DHT (BEP 44), as it is stored: bencoded, with what proves it. */
public sealed interface Item {
  /** Longer values are not kept by anybody. */
  int VALUE_BYTES_MAX = 1_000;

  int SALT_BYTES_MAX = 64;
  int PUBLIC_KEY_BYTES = 32;
  int SIGNATURE_BYTES = 64;

  /** The value in bencode, at most {@value #VALUE_BYTES_MAX} bytes. */
  byte[] value();

  /** Where it is stored. */
  Hash160 target();

  /** Whether hash or signature and the target fit together: what others send is worth a look. */
  boolean isGenuine();

  /** A value that is found by its own hash, and so never changes. */
  record Immutable(byte[] value) implements Item {
    @Override
    public Hash160 target() {
      return Hash160.sha1(value, 0, value.length);
    }

    @Override
    public boolean isGenuine() {
      return true;
    }
  }

  /**
   * A value that the owner of a key may replace.
   *
   * @param publicKey Ed25519, 32 bytes
   * @param salt tells the items of one key apart; up to 64 bytes, often none
   * @param seq counts up; the greater one replaces the other
   * @param signature 64 bytes over salt, number and value
   */
  record Mutable(byte[] publicKey, byte[] salt, long seq, byte[] signature, byte[] value)
      implements Item {
    public Mutable {
      if (publicKey.length != PUBLIC_KEY_BYTES || signature.length != SIGNATURE_BYTES) {
        throw new IllegalArgumentException("a key of 32 bytes and a signature of 64");
      }
      if (salt.length > SALT_BYTES_MAX) {
        throw new IllegalArgumentException("a salt of " + salt.length + " bytes");
      }
    }

    @Override
    public Hash160 target() {
      return targetOf(publicKey, salt);
    }

    @Override
    public boolean isGenuine() {
      return ItemSignature.isValid(this);
    }
  }

  /** Where the item of a key and a salt is stored, whatever its value. */
  static Hash160 targetOf(byte[] publicKey, byte[] salt) {
    var bytes = new byte[publicKey.length + salt.length];
    System.arraycopy(publicKey, 0, bytes, 0, publicKey.length);
    System.arraycopy(salt, 0, bytes, publicKey.length, salt.length);
    return Hash160.sha1(bytes, 0, bytes.length);
  }
}
