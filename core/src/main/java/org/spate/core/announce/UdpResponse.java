package org.spate.core.announce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;

/**
 * A packet from a UDP tracker to a client (BEP 15). The address family of the packet decides about
 * the peers in it: only those of the same family fit.
 */
public sealed interface UdpResponse {
  int ERROR = 3;
  int ANNOUNCED_BYTES = 20;
  int SCRAPED_BYTES = 8;
  int COUNTS_BYTES = 12;

  /** As the client chose it. */
  int transactionId();

  /** A connection id to announce and scrape with. */
  record Connected(int transactionId, long connectionId) implements UdpResponse {}

  /** The answer to an announce. */
  record Announced(int transactionId, AnnounceReply reply) implements UdpResponse {}

  /** The answer to a scrape, in the order of its info-hashes. */
  record Scraped(int transactionId, List<SwarmCounts> swarms) implements UdpResponse {
    public Scraped {
      swarms = List.copyOf(swarms);
    }
  }

  /** The tracker refuses. */
  record Refused(int transactionId, String message) implements UdpResponse {}

  /** The packet as bytes, with peers of one family only. */
  default byte[] encode(boolean v6) {
    return switch (this) {
      case Connected connected -> encode(connected);
      case Announced announced -> encode(announced, v6);
      case Scraped scraped -> encode(scraped);
      case Refused refused -> encode(refused);
    };
  }

  private static byte[] header(int length, int action, int transactionId) {
    var packet = new byte[length];
    BigEndian.putInt(packet, 0, action);
    BigEndian.putInt(packet, 4, transactionId);
    return packet;
  }

  private static byte[] encode(Connected connected) {
    var packet = header(16, UdpRequest.CONNECT, connected.transactionId);
    BigEndian.putLong(packet, 8, connected.connectionId);
    return packet;
  }

  private static byte[] encode(Announced announced, boolean v6) {
    var reply = announced.reply;
    int stride = v6 ? CompactPeers.V6_BYTES : CompactPeers.V4_BYTES;
    int length = ANNOUNCED_BYTES + CompactPeers.countOf(reply.peers(), v6) * stride;
    var packet = header(length, UdpRequest.ANNOUNCE, announced.transactionId);
    BigEndian.putInt(packet, 8, reply.intervalSeconds());
    BigEndian.putInt(packet, 12, Math.max(reply.incomplete(), 0));
    BigEndian.putInt(packet, 16, Math.max(reply.complete(), 0));
    CompactPeers.write(reply.peers(), v6, packet, ANNOUNCED_BYTES);
    return packet;
  }

  private static byte[] encode(Scraped scraped) {
    int length = SCRAPED_BYTES + scraped.swarms.size() * COUNTS_BYTES;
    var packet = header(length, UdpRequest.SCRAPE, scraped.transactionId);
    for (int i = 0; i < scraped.swarms.size(); i++) {
      int at = SCRAPED_BYTES + i * COUNTS_BYTES;
      BigEndian.putInt(packet, at, scraped.swarms.get(i).complete());
      BigEndian.putInt(packet, at + 4, scraped.swarms.get(i).downloaded());
      BigEndian.putInt(packet, at + 8, scraped.swarms.get(i).incomplete());
    }
    return packet;
  }

  private static byte[] encode(Refused refused) {
    var message = refused.message.getBytes(StandardCharsets.UTF_8);
    var packet = header(8 + message.length, ERROR, refused.transactionId);
    System.arraycopy(message, 0, packet, 8, message.length);
    return packet;
  }

  /** Reads the first {@code length} bytes; null if they are no response. */
  static @Nullable UdpResponse decode(byte[] packet, int length, boolean v6) {
    if (length < 8) {
      return null;
    }
    int transactionId = BigEndian.intAt(packet, 4);
    return switch (BigEndian.intAt(packet, 0)) {
      case UdpRequest.CONNECT ->
          length < 16 ? null : new Connected(transactionId, BigEndian.longAt(packet, 8));
      case UdpRequest.ANNOUNCE ->
          length < ANNOUNCED_BYTES
              ? null
              : new Announced(transactionId, announceReply(packet, length, v6));
      case UdpRequest.SCRAPE -> new Scraped(transactionId, counts(packet, length));
      case ERROR -> new Refused(transactionId, message(packet, length));
      default -> null;
    };
  }

  private static AnnounceReply announceReply(byte[] packet, int length, boolean v6) {
    return AnnounceReply.of(
        natural(packet, 8),
        natural(packet, 16),
        natural(packet, 12),
        CompactPeers.read(packet, ANNOUNCED_BYTES, length, v6, HttpResponseReader.PEER_COUNT_MAX));
  }

  private static List<SwarmCounts> counts(byte[] packet, int length) {
    var swarms = new ArrayList<SwarmCounts>();
    for (int at = SCRAPED_BYTES; at + COUNTS_BYTES <= length; at += COUNTS_BYTES) {
      swarms.add(
          new SwarmCounts(natural(packet, at), natural(packet, at + 4), natural(packet, at + 8)));
    }
    return swarms;
  }

  /** A number that BEP 15 leaves unsigned: from 2^31 up it is nonsense and counts as 0. */
  private static int natural(byte[] packet, int offset) {
    return Math.max(BigEndian.intAt(packet, offset), 0);
  }

  private static String message(byte[] packet, int length) {
    var bytes =
        Arrays.copyOfRange(packet, 8, Math.min(length, 8 + TrackerFailure.REASON_LENGTH_MAX));
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
