package org.spate.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Twenty bytes by value: a v1 info-hash, a truncated v2 info-hash (BEP 52), a piece hash or a DHT
 * node id.
 */
public record Hash160(long high, long middle, int low) implements Comparable<Hash160> {
  public static final int BYTES = 20;

  /** Reads twenty bytes at an offset. */
  public static Hash160 at(byte[] source, int offset) {
    return new Hash160(
        BigEndian.longAt(source, offset),
        BigEndian.longAt(source, offset + 8),
        BigEndian.intAt(source, offset + 16));
  }

  /**
   * Takes exactly twenty bytes.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static Hash160 of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a hash of 20 bytes expected, not " + bytes.length);
    }
    return at(bytes, 0);
  }

  /**
   * Parses forty hexadecimal digits.
   *
   * @throws IllegalArgumentException if they are not that
   */
  public static Hash160 parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** The SHA-1 digest of a range of bytes. */
  public static Hash160 sha1(byte[] bytes, int offset, int length) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      digest.update(bytes, offset, length);
      return of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }

  public byte[] bytes() {
    var bytes = new byte[BYTES];
    copyTo(bytes, 0);
    return bytes;
  }

  public void copyTo(byte[] target, int offset) {
    BigEndian.putLong(target, offset, high);
    BigEndian.putLong(target, offset + 8, middle);
    BigEndian.putInt(target, offset + 16, low);
  }

  @Override
  public int compareTo(Hash160 other) {
    int order = Long.compareUnsigned(high, other.high);
    if (order == 0) {
      order = Long.compareUnsigned(middle, other.middle);
    }
    return order == 0 ? Integer.compareUnsigned(low, other.low) : order;
  }

  /** Forty lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
