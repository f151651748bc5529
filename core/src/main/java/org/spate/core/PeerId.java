package org.spate.core;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** The twenty bytes by which a peer calls itself (BEP 3; client prefixes by BEP 20). */
public record PeerId(Hash160 value) {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /**
   * Our own id: {@code -Sp0100-} and twelve random letters or digits. (Capital {@code SP} is
   * BitSpirit's, BEP 20.)
   */
  public static PeerId random(RandomGenerator random) {
    var text = new StringBuilder("-Sp0100-");
    while (text.length() < Hash160.BYTES) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new PeerId(Hash160.of(text.toString().getBytes(StandardCharsets.ISO_8859_1)));
  }

  public static PeerId of(byte[] bytes) {
    return new PeerId(Hash160.of(bytes));
  }

  public byte[] bytes() {
    return value.bytes();
  }

  /** Printable ASCII as it is, every other byte as {@code %XX}; safe to show and to log. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    for (byte b : bytes()) {
      if (b > ' ' && b < 0x7f && b != '%') {
        text.append((char) b);
      } else {
        text.append(String.format(java.util.Locale.ROOT, "%%%02X", b));
      }
    }
    return text.toString();
  }
}
