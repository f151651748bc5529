package org.spate.core.wire;

import org.spate.core.Hash160;
import org.spate.core.PeerId;

/**
 * The 68 bytes that open a link (BEP 3).
 *
 * @param reserved the eight flag bytes as a number; the last byte is the low one
 * @param infoHash v1, or v2 truncated
 */
public record Handshake(long reserved, Hash160 infoHash, PeerId peerId) {
  public static final int LENGTH = 68;

  /** BEP 10: reserved byte 5, 0x10. */
  public static final long EXTENSION_PROTOCOL = 1L << 20;

  /** BEP 6: reserved byte 7, 0x04. */
  public static final long FAST = 1L << 2;

  /** BEP 5: reserved byte 7, 0x01. */
  public static final long DHT = 1L;

  /** BEP 52: reserved byte 7, 0x10: a hybrid torrent that may be upgraded to v2. */
  public static final long V2 = 1L << 4;

  public boolean supports(long flag) {
    return (reserved & flag) != 0;
  }
}
