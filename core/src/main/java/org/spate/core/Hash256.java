package org.spate.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Thirty-two bytes by value: a v2 info-hash or a node of a Merkle tree (BEP 52). */
public record Hash256(long first, long second, long third, long fourth) {
  public static final int BYTES = 32;

  /** The hash of nothing: what fills a Merkle tree's leaves beyond the end of a file. */
  public static final Hash256 ZERO = new Hash256(0, 0, 0, 0);

  /** Reads thirty-two bytes at an offset. */
  public static Hash256 at(byte[] source, int offset) {
    return new Hash256(
        BigEndian.longAt(source, offset),
        BigEndian.longAt(source, offset + 8),
        BigEndian.longAt(source, offset + 16),
        BigEndian.longAt(source, offset + 24));
  }

  /**
   * Takes exactly thirty-two bytes.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static Hash256 of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a hash of 32 bytes expected, not " + bytes.length);
    }
    return at(bytes, 0);
  }

  /**
   * Parses sixty-four hexadecimal digits.
   *
   * @throws IllegalArgumentException if they are not that
   */
  public static Hash256 parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** The SHA-256 digest of a range of bytes. */
  public static Hash256 sha256(byte[] bytes, int offset, int length) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, offset, length);
      return of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** The first twenty bytes, which stand for a v2 torrent wherever v1 protocols carry a hash. */
  public Hash160 truncated() {
    return new Hash160(first, second, (int) (third >>> 32));
  }

  public byte[] bytes() {
    var bytes = new byte[BYTES];
    copyTo(bytes, 0);
    return bytes;
  }

  public void copyTo(byte[] target, int offset) {
    BigEndian.putLong(target, offset, first);
    BigEndian.putLong(target, offset + 8, second);
    BigEndian.putLong(target, offset + 16, third);
    BigEndian.putLong(target, offset + 24, fourth);
  }

  /** Sixty-four lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
