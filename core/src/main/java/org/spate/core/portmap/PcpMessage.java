package org.spate.core.portmap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/** Packets of PCP, version 2 (RFC 6887): MAP requests, and responses to them. */
final class PcpMessage {
  static final int VERSION = 2;
  static final int NONCE_BYTES = 12;
  static final int ANNOUNCE = 0;
  static final int MAP = 1;
  static final int SUCCESS = 0;

  private static final int RESPONSE = 0x80;
  private static final int HEADER_BYTES = 24;
  private static final int MAP_BYTES = HEADER_BYTES + 36;
  private static final int LENGTH_MAX = 1_100; // section 7

  /**
   * A response.
   *
   * @param result 0, or why not (section 7.4)
   * @param lifetimeSeconds of the mapping, or of the error
   * @param epochSeconds unsigned
   * @param mapping null for an announcement
   */
  record Response(
      int opcode,
      int result,
      int lifetimeSeconds,
      int epochSeconds,
      @Nullable MapResponse mapping) {}

  /** What a MAP response is about (section 11.1). */
  record MapResponse(byte[] nonce, int protocol, int internalPort, Endpoint external) {}

  private PcpMessage() {}

  /**
   * A request for a mapping.
   *
   * @param client our address
   * @param nonce 12 bytes that only we know
   * @param suggested what we had, or would like; port 0 and any address will do
   * @param lifetimeSeconds 0 to delete it
   */
  static byte[] map(
      Endpoint client, byte[] nonce, LocalPort port, Endpoint suggested, int lifetimeSeconds) {
    var packet = new byte[MAP_BYTES];
    packet[0] = VERSION;
    packet[1] = MAP;
    BigEndian.putInt(packet, 4, lifetimeSeconds);
    putAddress(packet, 8, client);
    System.arraycopy(nonce, 0, packet, HEADER_BYTES, NONCE_BYTES);
    packet[36] = (byte) port.protocol().number;
    BigEndian.putShort(packet, 40, port.number());
    BigEndian.putShort(packet, 42, suggested.port());
    putAddress(packet, 44, suggested);
    return packet;
  }

  private static void putAddress(byte[] packet, int offset, Endpoint address) {
    BigEndian.putLong(packet, offset, address.high());
    BigEndian.putLong(packet, offset + 8, address.low());
  }

  /** Null for what is no response, or not one to what we ask. */
  static @Nullable Response parse(byte[] packet) {
    boolean isResponse =
        packet.length >= HEADER_BYTES
            && packet.length <= LENGTH_MAX
            && packet.length % 4 == 0
            && packet[0] == VERSION
            && (packet[1] & RESPONSE) != 0;
    if (!isResponse) {
      return null;
    }
    int opcode = packet[1] & ~RESPONSE & 0xFF;
    int lifetime = BigEndian.intAt(packet, 4);
    int seconds = lifetime < 0 ? Integer.MAX_VALUE : lifetime; // unsigned on the wire
    var mapping = opcode == MAP && packet.length >= MAP_BYTES ? mapping(packet) : null;
    if (opcode == ANNOUNCE || mapping != null) {
      return new Response(opcode, packet[3] & 0xFF, seconds, BigEndian.intAt(packet, 8), mapping);
    }
    return null;
  }

  private static MapResponse mapping(byte[] packet) {
    return new MapResponse(
        Arrays.copyOfRange(packet, HEADER_BYTES, HEADER_BYTES + NONCE_BYTES),
        packet[36] & 0xFF,
        BigEndian.shortAt(packet, 40),
        new Endpoint(
            BigEndian.longAt(packet, 44),
            BigEndian.longAt(packet, 52),
            BigEndian.shortAt(packet, 42)));
  }

  /** For people (section 7.4). */
  static String reason(int result) {
    return switch (result) {
      case 2 -> "not authorized";
      case 4, 9 -> "not supported";
      case 7 -> "the gateway has no network";
      case 8 -> "no resources left";
      case 10 -> "too many mappings";
      case 11 -> "the port is not to be had";
      case 12 -> "there is another NAT before the gateway";
      default -> "error " + result;
    };
  }
}
