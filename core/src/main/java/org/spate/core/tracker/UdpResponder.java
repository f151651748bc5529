package org.spate.core.tracker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;

/**
 * The tracker's side of BEP 15, packet by packet, from the bytes of one buffer into those of
 * another. Until a source has shown by a connection id that it is where it says, it gets no more
 * bytes than it sent, and nothing is remembered of it.
 */
public final class UdpResponder {
  /** There is no answer, or it comes later. */
  public static final int NOTHING = 0;

  /** How many packets can be noted before they are answered. */
  public static final int EXPECTED_MAX = 64;

  /** Takes answers that come later. */
  public interface Outbox {
    /** Sends the first {@code length} bytes. */
    void send(ByteBuffer answer, int length, Endpoint to);
  }

  /** Room for peers in a packet that no usual link splits: 1,472 bytes over IPv4 Ethernet. */
  private static final int PEER_COUNT_MAX_V4 =
      (UdpExchange.ANSWER_BYTES_MAX - UdpResponse.ANNOUNCED_BYTES) / Answer.V4_BYTES;

  /** And 1,232 bytes over IPv6, whose routers split nothing (RFC 8200, section 5). */
  private static final int PEER_COUNT_MAX_V6 =
      (1_232 - UdpResponse.ANNOUNCED_BYTES) / Answer.V6_BYTES;

  /** Shorter than the shortest request that can be told it. */
  private static final byte[] BAD_CONNECTION_ID =
      "connection id expired".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] NO_STORE =
      TrackerLogic.NO_STORE.reason().getBytes(StandardCharsets.US_ASCII);

  private static final AnnounceEvent[] EVENTS = AnnounceEvent.values();
  private static final int HEADER_BYTES = 8;

  private final TrackerLogic logic;
  private final ConnectionIds connectionIds;
  private final Outbox outbox;
  private final Announcement announcement = new Announcement();
  private final Answer answer = new Answer(PEER_COUNT_MAX_V4);
  private final Scrape expected = new Scrape(EXPECTED_MAX);
  private final Scrape scrape = new Scrape(UdpRequest.SCRAPE_COUNT_MAX);

  public UdpResponder(TrackerLogic logic, ConnectionIds connectionIds, Outbox outbox) {
    this.logic = logic;
    this.connectionIds = connectionIds;
    this.outbox = outbox;
  }

  /** Notes that a packet will be answered soon, of at most {@link #EXPECTED_MAX} in a batch. */
  public void note(UdpExchange exchange) {
    if (exchange.packetLength >= UdpRequest.ANNOUNCE_BYTES
        && exchange.intAt(8) == UdpRequest.ANNOUNCE) {
      expected.add(exchange.longAt(16), exchange.longAt(24), exchange.intAt(32));
    }
  }

  /** Lets the store look ahead at all that was noted. */
  public void expectNoted() {
    logic.expect(expected);
    expected.begin();
  }

  /** Writes the answer to a packet; returns its length, or {@link #NOTHING}. */
  public int answer(UdpExchange exchange, long nowNanos) {
    if (exchange.packetLength < UdpRequest.HEADER_BYTES || exchange.sourcePort == 0) {
      return malformed();
    }
    long connectionId = exchange.longAt(0);
    int action = exchange.intAt(8);
    if (action == UdpRequest.CONNECT) {
      return connectionId == UdpRequest.PROTOCOL_ID ? connect(exchange, nowNanos) : malformed();
    }
    int needed =
        switch (action) {
          case UdpRequest.ANNOUNCE -> UdpRequest.ANNOUNCE_BYTES;
          case UdpRequest.SCRAPE -> UdpRequest.HEADER_BYTES + HASH_BYTES;
          default -> Integer.MAX_VALUE;
        };
    if (exchange.packetLength < needed) {
      return malformed();
    }
    if (!connectionIds.isValid(connectionId, exchange.sourceHigh, exchange.sourceLow, nowNanos)) {
      logic.counters().add(Count.REFUSED_UDP_CONNECTION_ID);
      return refuse(exchange, exchange.intAt(12), BAD_CONNECTION_ID);
    }
    if (logic.isFlooding(exchange.sourceHigh, exchange.sourceLow, nowNanos)) {
      return NOTHING;
    }
    return action == UdpRequest.ANNOUNCE
        ? announce(exchange, nowNanos)
        : scrape(exchange, nowNanos);
  }

  private static final int HASH_BYTES = 20;

  private int malformed() {
    logic.counters().add(Count.REFUSED_UDP_MALFORMED);
    return NOTHING;
  }

  private int connect(UdpExchange exchange, long nowNanos) {
    logic.counters().add(Count.UDP_CONNECTS);
    begin(exchange, UdpRequest.CONNECT, exchange.intAt(12));
    exchange.putLong(8, connectionIds.issue(exchange.sourceHigh, exchange.sourceLow, nowNanos));
    return UdpRequest.HEADER_BYTES;
  }

  private static void begin(UdpExchange exchange, int action, int transactionId) {
    exchange.putInt(0, action);
    exchange.putInt(4, transactionId);
  }

  private static int refuse(UdpExchange exchange, int transactionId, byte[] reason) {
    begin(exchange, UdpResponse.ERROR, transactionId);
    exchange.put(HEADER_BYTES, reason, reason.length);
    return HEADER_BYTES + reason.length;
  }

  private int announce(UdpExchange exchange, long nowNanos) {
    logic.counters().add(Count.UDP_ANNOUNCES);
    boolean isV4 = exchange.isV4();
    read(exchange, isV4);
    int transactionId = exchange.intAt(12);
    var refusal = logic.refusal(announcement, isV4 ? PEER_COUNT_MAX_V4 : PEER_COUNT_MAX_V6);
    if (refusal != null) {
      return refuse(exchange, transactionId, refusal.reason().getBytes(StandardCharsets.UTF_8));
    }
    var later = logic.announce(announcement, answer, nowNanos);
    if (later == null) {
      return write(answer, isV4, exchange, transactionId);
    }
    var source = source(exchange);
    later.whenKnown(
        known -> {
          logic.count(known);
          var reply = reply();
          outbox.send(reply.answers, write(known, isV4, reply, transactionId), source);
        });
    return NOTHING;
  }

  private static Endpoint source(UdpExchange exchange) {
    return new Endpoint(exchange.sourceHigh, exchange.sourceLow, exchange.sourcePort);
  }

  private static UdpExchange reply() {
    return new UdpExchange(ByteBuffer.allocate(0), ByteBuffer.allocate(UdpExchange.ROOM_BYTES));
  }

  /** The fields of BEP 15 that come behind the header. */
  private void read(UdpExchange exchange, boolean isV4) {
    announcement.hashHigh = exchange.longAt(16);
    announcement.hashMiddle = exchange.longAt(24);
    announcement.hashLow = exchange.intAt(32);
    announcement.idHigh = exchange.longAt(36);
    announcement.idMiddle = exchange.longAt(44);
    announcement.idLow = exchange.intAt(52);
    announcement.downloaded = Math.max(exchange.longAt(56), 0);
    long left = exchange.longAt(64);
    // Some clients say so of a size they do not know yet.
    announcement.left = left < 0 ? Long.MAX_VALUE : left;
    announcement.uploaded = Math.max(exchange.longAt(72), 0);
    int event = exchange.intAt(80);
    announcement.event = event >= 0 && event < EVENTS.length ? EVENTS[event] : AnnounceEvent.NONE;
    announcement.key = exchange.intAt(88);
    announcement.numwant = Math.max(exchange.intAt(92), AnnounceRequest.NUMWANT_DEFAULT);
    announcement.port = exchange.packets.getShort(exchange.packetAt + 96) & 0xFFFF;
    announcement.urlData = logic.readsUrlData() ? urlData(exchange) : "";
    announcement.from(exchange.sourceHigh, exchange.sourceLow, isV4 ? Families.V4 : Families.V6);
  }

  private static String urlData(UdpExchange exchange) {
    var packet = new byte[exchange.packetLength];
    exchange.packets.get(exchange.packetAt, packet);
    return UdpRequest.urlData(packet, packet.length);
  }

  private int write(Answer known, boolean isV4, UdpExchange exchange, int transactionId) {
    if (!known.listing.isAnswered()) {
      return refuse(exchange, transactionId, NO_STORE);
    }
    begin(exchange, UdpRequest.ANNOUNCE, transactionId);
    exchange.putInt(8, logic.policy().intervalSeconds());
    exchange.putInt(12, known.incomplete);
    exchange.putInt(16, known.complete);
    int length = isV4 ? known.v4Length : known.v6Length;
    exchange.put(UdpResponse.ANNOUNCED_BYTES, isV4 ? known.v4() : known.v6(), length);
    return UdpResponse.ANNOUNCED_BYTES + length;
  }

  private int scrape(UdpExchange exchange, long nowNanos) {
    logic.counters().add(Count.UDP_SCRAPES);
    scrape.begin();
    int end = exchange.packetLength - HASH_BYTES;
    for (int at = UdpRequest.HEADER_BYTES; at <= end; at += HASH_BYTES) {
      scrape.add(exchange.longAt(at), exchange.longAt(at + 8), exchange.intAt(at + 16));
    }
    int transactionId = exchange.intAt(12);
    // BEP 41 has no place for URL data in a scrape.
    var refusal = logic.refusal(scrape, "");
    if (refusal != null) {
      return refuse(exchange, transactionId, refusal.reason().getBytes(StandardCharsets.UTF_8));
    }
    var later = logic.scrape(scrape, nowNanos);
    if (later == null) {
      return write(scrape, exchange, transactionId);
    }
    var source = source(exchange);
    later.whenKnown(
        known -> {
          logic.count(known);
          var reply = reply();
          outbox.send(reply.answers, write(known, reply, transactionId), source);
        });
    return NOTHING;
  }

  private static int write(Scrape known, UdpExchange exchange, int transactionId) {
    if (known.hasFailed()) {
      return refuse(exchange, transactionId, NO_STORE);
    }
    begin(exchange, UdpRequest.SCRAPE, transactionId);
    int at = UdpResponse.SCRAPED_BYTES;
    for (int i = 0; i < known.size(); i++, at += UdpResponse.COUNTS_BYTES) {
      exchange.putInt(at, known.complete(i));
      exchange.putInt(at + 4, known.downloaded(i));
      exchange.putInt(at + 8, known.incomplete(i));
    }
    return at;
  }

  /** The answer to a packet of its own, or null; for hosts without a stream of them. */
  public byte @Nullable [] answer(byte[] packet, Endpoint source, long nowNanos) {
    var exchange =
        new UdpExchange(ByteBuffer.wrap(packet), ByteBuffer.allocate(UdpExchange.ROOM_BYTES));
    exchange.turnTo(0, packet.length, 0);
    exchange.from(source.high(), source.low(), source.port());
    int length = answer(exchange, nowNanos);
    if (length == NOTHING) {
      return null;
    }
    var reply = new byte[length];
    exchange.answers.get(0, reply);
    return reply;
  }
}
