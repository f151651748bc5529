package org.spate.core.dht;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/**
 * The Ed25519 signature of a mutable item (BEP 44), by the JDK. A function of its arguments: this
 * kind of signature needs no dice.
 */
public final class ItemSignature {
  private static final String ALGORITHM = "Ed25519";
  private static final int SEED_BYTES = 32;

  private ItemSignature() {}

  /** What is signed: salt if there is any, number and value, as they stand in a message. */
  static byte[] signedBytes(byte[] salt, long seq, byte[] value) {
    var bytes = new ByteArrayOutputStream();
    if (salt.length > 0) {
      bytes.writeBytes(ascii("4:salt" + salt.length + ":"));
      bytes.writeBytes(salt);
    }
    bytes.writeBytes(ascii("3:seqi" + seq + "e1:v"));
    bytes.writeBytes(value);
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Signs a value.
   *
   * @param seed the private key, 32 bytes (RFC 8032)
   * @param publicKey the one that belongs to it
   * @throws IllegalArgumentException if key, salt or value are too long or too short
   */
  public static Item.Mutable sign(
      byte[] seed, byte[] publicKey, byte[] salt, long seq, byte[] value) {
    if (seed.length != SEED_BYTES || value.length > Item.VALUE_BYTES_MAX) {
      throw new IllegalArgumentException("a seed of 32 bytes and a value of up to 1,000");
    }
    try {
      var key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
      var signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(signedBytes(salt, seq, value));
      return new Item.Mutable(publicKey, salt, seq, signature.sign(), value);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key of Ed25519", e);
    }
  }

  /** Whether the key's owner signed this; false as well for keys that are no points. */
  static boolean isValid(Item.Mutable item) {
    try {
      var signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(
                  new EdECPublicKeySpec(NamedParameterSpec.ED25519, point(item.publicKey()))));
      signature.update(signedBytes(item.salt(), item.seq(), item.value()));
      return signature.verify(item.signature());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** 255 bits of y, little end first, and on top whether x is odd (RFC 8032, 5.1.2). */
  private static EdECPoint point(byte[] key) {
    var bigEndian = new byte[key.length];
    for (int i = 0; i < key.length; i++) {
      bigEndian[i] = key[key.length - 1 - i];
    }
    boolean isOdd = bigEndian[0] < 0;
    bigEndian[0] &= 0x7F;
    return new EdECPoint(isOdd, new BigInteger(1, bigEndian));
  }
}
