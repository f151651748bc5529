package org.spate.tracker.redis;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.spate.core.Hash160;

/**
 * The names of keys. A slice is the swarms whose info-hashes begin with the same three hex digits;
 * these are the hash tag, so that a cluster keeps a slice on one node, and so each swarm.
 */
final class SliceKeys {
  static final int SLICE_COUNT = 1 << 12;

  private static final int DIGITS = 3;

  private SliceKeys() {}

  /** The slice of an info-hash by its first bits. */
  static int sliceOf(long infoHashStart) {
    return (int) (infoHashStart >>> (Long.SIZE - 12));
  }

  /** What the keys of a swarm begin with. */
  static String swarm(Hash160 infoHash) {
    String hex = infoHash.toString();
    return prefix(hex.substring(0, DIGITS)) + hex.substring(DIGITS) + ":";
  }

  private static String prefix(String digits) {
    return "spate:{" + digits + "}";
  }

  /** The swarms of a slice by when to look at them. */
  static byte[] due(int slice) {
    return bytes(prefix(digits(slice)) + "due");
  }

  /** How many torrents and peers a slice holds. */
  static byte[] held(int slice) {
    return bytes(prefix(digits(slice)) + "held");
  }

  /** What a user has moved, in all swarms: no part of a slice. */
  static byte[] account(String user) {
    return bytes("spate:{user:" + user + "}");
  }

  private static String digits(int slice) {
    return String.format(Locale.ROOT, "%03x", slice);
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.ISO_8859_1);
  }
}
