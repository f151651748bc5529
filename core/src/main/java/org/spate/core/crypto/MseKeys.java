package org.spate.core.crypto;

import java.nio.charset.StandardCharsets;
import org.spate.core.Hash160;

/** What both sides derive from the secret of a key exchange (S) and the info-hash (SKEY). */
final class MseKeys {
  private MseKeys() {}

  /** The mark by which the responder finds the end of the padding. */
  static Hash160 mark(byte[] secret) {
    return hash("req1", secret);
  }

  /** How the initiator names the torrent without telling it to those who do not know it. */
  static Hash160 obfuscated(Hash160 infoHash, byte[] secret) {
    return xor(requested(infoHash), hash("req3", secret));
  }

  /** The inverse: what {@link #requested} says of the torrent that is meant. */
  static Hash160 requested(Hash160 obfuscated, byte[] secret) {
    return xor(obfuscated, hash("req3", secret));
  }

  static Hash160 requested(Hash160 infoHash) {
    return hash("req2", infoHash.bytes());
  }

  /** What the initiator sends with. */
  static Rc4 initiatorCipher(byte[] secret, Hash160 infoHash) {
    return new Rc4(hash("keyA", secret, infoHash.bytes()).bytes());
  }

  /** What the responder sends with. */
  static Rc4 responderCipher(byte[] secret, Hash160 infoHash) {
    return new Rc4(hash("keyB", secret, infoHash.bytes()).bytes());
  }

  private static Hash160 hash(String word, byte[]... parts) {
    int length = word.length();
    for (var part : parts) {
      length += part.length;
    }
    var all = new byte[length];
    var start = word.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, all, 0, start.length);
    int at = start.length;
    for (var part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return Hash160.sha1(all, 0, all.length);
  }

  private static Hash160 xor(Hash160 a, Hash160 b) {
    return new Hash160(a.high() ^ b.high(), a.middle() ^ b.middle(), a.low() ^ b.low());
  }
}
