package org.spate.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.spate.core.BigEndian;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/**
 * The handshake as bytes (BEP 3): the length and name of the protocol, eight bytes of flags,
 * info-hash, peer id.
 */
public final class HandshakeCodec {
  private static final byte[] PROTOCOL =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

  /** After so many bytes it is certain whether a link is in the clear. */
  public static final int PROTOCOL_BYTES = PROTOCOL.length;

  private static final int RESERVED_AT = PROTOCOL.length;
  private static final int INFO_HASH_AT = RESERVED_AT + 8;
  private static final int PEER_ID_AT = INFO_HASH_AT + Hash160.BYTES;

  private HandshakeCodec() {}

  /** The {@link Handshake#LENGTH} bytes. */
  public static byte[] encode(Handshake handshake) {
    var bytes = Arrays.copyOf(PROTOCOL, Handshake.LENGTH);
    BigEndian.putLong(bytes, RESERVED_AT, handshake.reserved());
    handshake.infoHash().copyTo(bytes, INFO_HASH_AT);
    handshake.peerId().value().copyTo(bytes, PEER_ID_AT);
    return bytes;
  }

  /**
   * Whether the first {@code length} bytes can begin a handshake in the clear. Tells a plain link
   * from an encrypted one after as many bytes as have come.
   */
  public static boolean isPrefix(byte[] bytes, int length) {
    int compared = Math.min(length, PROTOCOL.length);
    return Arrays.equals(bytes, 0, compared, PROTOCOL, 0, compared);
  }

  /**
   * Reads a whole handshake.
   *
   * @param bytes at least {@link Handshake#LENGTH}
   * @throws WireException if another protocol is named
   */
  public static Handshake parse(byte[] bytes) {
    requireProtocol(bytes, Handshake.LENGTH);
    return new Handshake(
        BigEndian.longAt(bytes, RESERVED_AT),
        Hash160.at(bytes, INFO_HASH_AT),
        new PeerId(Hash160.at(bytes, PEER_ID_AT)));
  }

  static void requireProtocol(byte[] bytes, int length) {
    if (!isPrefix(bytes, length)) {
      throw new WireException(Violation.NOT_BITTORRENT, "another protocol");
    }
  }
}
