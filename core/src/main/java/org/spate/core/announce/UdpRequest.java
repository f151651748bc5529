package org.spate.core.announce;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/** A packet from a client to a UDP tracker (BEP 15, options by BEP 41). */
public sealed interface UdpRequest {
  long PROTOCOL_ID = 0x417_2710_1980L;
  int CONNECT = 0;
  int ANNOUNCE = 1;
  int SCRAPE = 2;

  int HEADER_BYTES = 16;
  int ANNOUNCE_BYTES = 98;

  /** What fits a packet that no link on the way needs to split (BEP 15: "up to about 74"). */
  int SCRAPE_COUNT_MAX = 74;

  /** A longer path and query is cut. */
  int URL_DATA_LENGTH_MAX = 1_020;

  /** Chosen by the client, repeated by the tracker. */
  int transactionId();

  /** Asks for a connection id. */
  record Connect(int transactionId) implements UdpRequest {}

  /**
   * An announce.
   *
   * @param urlData path and query of the tracker's URL (BEP 41), one char a byte
   */
  record Announce(long connectionId, int transactionId, AnnounceRequest request, String urlData)
      implements UdpRequest {}

  /** A scrape of at most {@link #SCRAPE_COUNT_MAX} swarms. */
  record Scrape(long connectionId, int transactionId, List<Hash160> infoHashes)
      implements UdpRequest {
    public Scrape {
      if (infoHashes.isEmpty() || infoHashes.size() > SCRAPE_COUNT_MAX) {
        throw new IllegalArgumentException("a scrape of " + infoHashes.size() + " swarms");
      }
      infoHashes = List.copyOf(infoHashes);
    }
  }

  /** The packet as bytes. */
  default byte[] encode() {
    return switch (this) {
      case Connect connect -> header(HEADER_BYTES, PROTOCOL_ID, CONNECT, connect.transactionId);
      case Announce announce -> encode(announce);
      case Scrape scrape -> encode(scrape);
    };
  }

  private static byte[] header(int length, long connectionId, int action, int transactionId) {
    var packet = new byte[length];
    BigEndian.putLong(packet, 0, connectionId);
    BigEndian.putInt(packet, 8, action);
    BigEndian.putInt(packet, 12, transactionId);
    return packet;
  }

  private static byte[] encode(Announce announce) {
    var options = UdpOptions.encode(announce.urlData);
    var packet =
        header(
            ANNOUNCE_BYTES + options.length,
            announce.connectionId,
            ANNOUNCE,
            announce.transactionId);
    var request = announce.request;
    request.infoHash().copyTo(packet, 16);
    request.peerId().value().copyTo(packet, 36);
    BigEndian.putLong(packet, 56, request.downloaded());
    BigEndian.putLong(packet, 64, request.left());
    BigEndian.putLong(packet, 72, request.uploaded());
    BigEndian.putInt(packet, 80, request.event().ordinal());
    BigEndian.putInt(packet, 88, request.key());
    BigEndian.putInt(packet, 92, request.numwant());
    BigEndian.putShort(packet, 96, request.port());
    System.arraycopy(options, 0, packet, ANNOUNCE_BYTES, options.length);
    return packet;
  }

  private static byte[] encode(Scrape scrape) {
    int length = HEADER_BYTES + scrape.infoHashes.size() * Hash160.BYTES;
    var packet = header(length, scrape.connectionId, SCRAPE, scrape.transactionId);
    for (int i = 0; i < scrape.infoHashes.size(); i++) {
      scrape.infoHashes.get(i).copyTo(packet, HEADER_BYTES + i * Hash160.BYTES);
    }
    return packet;
  }

  /** Reads the first {@code length} bytes; null if they are no request. */
  static @Nullable UdpRequest decode(byte[] packet, int length) {
    if (length < HEADER_BYTES) {
      return null;
    }
    int transactionId = BigEndian.intAt(packet, 12);
    long connectionId = BigEndian.longAt(packet, 0);
    return switch (BigEndian.intAt(packet, 8)) {
      case CONNECT -> connectionId == PROTOCOL_ID ? new Connect(transactionId) : null;
      case ANNOUNCE ->
          length < ANNOUNCE_BYTES
              ? null
              : new Announce(
                  connectionId,
                  transactionId,
                  announceRequest(packet),
                  UdpOptions.urlData(packet, length));
      case SCRAPE -> scrape(packet, length, connectionId, transactionId);
      default -> null;
    };
  }

  /** The path and query of the tracker's URL out of the options of an announce (BEP 41). */
  static String urlData(byte[] packet, int length) {
    return UdpOptions.urlData(packet, length);
  }

  private static AnnounceRequest announceRequest(byte[] packet) {
    long left = BigEndian.longAt(packet, 64);
    return new AnnounceRequest(
        Hash160.at(packet, 16),
        new PeerId(Hash160.at(packet, 36)),
        BigEndian.shortAt(packet, 96),
        Math.max(BigEndian.longAt(packet, 72), 0),
        Math.max(BigEndian.longAt(packet, 56), 0),
        left < 0 ? Long.MAX_VALUE : left, // some clients say so of a size they do not know yet
        AnnounceEvent.ofNumber(BigEndian.intAt(packet, 80)),
        Math.max(BigEndian.intAt(packet, 92), AnnounceRequest.NUMWANT_DEFAULT),
        BigEndian.intAt(packet, 88));
  }

  private static @Nullable Scrape scrape(
      byte[] packet, int length, long connectionId, int transactionId) {
    int count = Math.min((length - HEADER_BYTES) / Hash160.BYTES, SCRAPE_COUNT_MAX);
    if (count == 0) {
      return null;
    }
    var infoHashes = new ArrayList<Hash160>(count);
    for (int i = 0; i < count; i++) {
      infoHashes.add(Hash160.at(packet, HEADER_BYTES + i * Hash160.BYTES));
    }
    return new Scrape(connectionId, transactionId, infoHashes);
  }
}
