package org.spate.core.portmap;

import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;

/** Packets of NAT-PMP (RFC 6886), which PCP has replaced and many routers still speak. */
final class NatPmpMessage {
  static final int UNSUPPORTED_VERSION = 1;

  private static final int MAP_UDP = 1;
  private static final int MAP_TCP = 2;
  private static final int RESPONSE = 128;
  private static final int ERROR_BYTES = 8;
  private static final int ADDRESS_BYTES = 12;
  private static final int MAPPING_BYTES = 16;

  /** A response; numbers as they came. */
  sealed interface Response {
    /** 0, or why not (section 3.5). */
    int result();

    int epochSeconds();
  }

  /** The external address; an announcement looks the same (section 3.2). */
  record Address(int result, int epochSeconds, int v4Address) implements Response {}

  record Mapping(
      int result,
      int epochSeconds,
      LocalPort.Protocol protocol,
      int internalPort,
      int externalPort,
      int lifetimeSeconds)
      implements Response {}

  /** An error that does not say what it is about, such as an unknown version. */
  record Problem(int result, int epochSeconds) implements Response {}

  private NatPmpMessage() {}

  /** Asks for the external address (section 3.2). */
  static byte[] address() {
    return new byte[2];
  }

  /**
   * Asks for a mapping (section 3.3).
   *
   * @param externalPort what we would like; 0 to delete it
   * @param lifetimeSeconds 0 to delete it
   */
  static byte[] map(LocalPort port, int externalPort, int lifetimeSeconds) {
    var packet = new byte[12];
    packet[1] =
        switch (port.protocol()) {
          case UDP -> MAP_UDP;
          case TCP -> MAP_TCP;
        };
    BigEndian.putShort(packet, 4, port.number());
    BigEndian.putShort(packet, 6, externalPort);
    BigEndian.putInt(packet, 8, lifetimeSeconds);
    return packet;
  }

  /** Null for what is no response. */
  static @Nullable Response parse(byte[] packet) {
    if (packet.length < ERROR_BYTES || packet.length > MAPPING_BYTES || packet[0] != 0) {
      return null;
    }
    int opcode = (packet[1] & 0xFF) - RESPONSE;
    int result = BigEndian.shortAt(packet, 2);
    int epoch = BigEndian.intAt(packet, 4);
    if (opcode == 0 && packet.length == ADDRESS_BYTES) {
      return new Address(result, epoch, BigEndian.intAt(packet, 8));
    }
    if ((opcode == MAP_UDP || opcode == MAP_TCP) && packet.length == MAPPING_BYTES) {
      int lifetime = BigEndian.intAt(packet, 12);
      return new Mapping(
          result,
          epoch,
          opcode == MAP_UDP ? LocalPort.Protocol.UDP : LocalPort.Protocol.TCP,
          BigEndian.shortAt(packet, 8),
          BigEndian.shortAt(packet, 10),
          lifetime < 0 ? Integer.MAX_VALUE : lifetime); // unsigned on the wire
    }
    return opcode >= 0 && result != 0 ? new Problem(result, epoch) : null;
  }

  /** For people (section 3.5). */
  static String reason(int result) {
    return switch (result) {
      case 2 -> "not authorized";
      case 3 -> "the gateway has no network";
      case 4 -> "no resources left";
      default -> "error " + result;
    };
  }
}
