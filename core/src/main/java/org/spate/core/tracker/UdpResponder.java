package org.spate.core.tracker;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.ScrapeReply;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;

/**
 * The tracker's side of BEP 15, packet by packet. Until a source has shown by a connection id that
 * it is where it says, it gets no more bytes than it sent, and nothing is remembered of it.
 */
public final class UdpResponder {
  /** Room for peers in a packet that no usual link splits: 1,472 bytes over IPv4 Ethernet. */
  private static final int PEER_COUNT_MAX_V4 = (1_472 - UdpResponse.ANNOUNCED_BYTES) / 6;

  /** And 1,232 bytes over IPv6, whose routers split nothing (RFC 8200, section 5). */
  private static final int PEER_COUNT_MAX_V6 = (1_232 - UdpResponse.ANNOUNCED_BYTES) / 18;

  /** Shorter than the shortest request that can be told it. */
  private static final String BAD_CONNECTION_ID = "connection id expired";

  private final TrackerLogic logic;
  private final ConnectionIds connectionIds;

  /** The key of the connection ids is drawn from {@code secrets}. */
  public UdpResponder(TrackerLogic logic, RandomGenerator secrets) {
    this.logic = logic;
    this.connectionIds = new ConnectionIds(secrets);
  }

  /** The answer to the first {@code length} bytes, or null if there is none. */
  public byte @Nullable [] answer(byte[] packet, int length, Endpoint source, long nowNanos) {
    var request = UdpRequest.decode(packet, length);
    if (request == null || source.port() == 0) {
      logic.counters().add(Count.REFUSED_UDP_MALFORMED);
      return null;
    }
    return response(request, source, nowNanos).encode(!source.isV4());
  }

  private UdpResponse response(UdpRequest request, Endpoint source, long nowNanos) {
    return switch (request) {
      case UdpRequest.Connect connect -> {
        logic.counters().add(Count.UDP_CONNECTS);
        long id = connectionIds.issue(source, nowNanos);
        yield new UdpResponse.Connected(connect.transactionId(), id);
      }
      case UdpRequest.Announce announce ->
          connectionIds.isValid(announce.connectionId(), source, nowNanos)
              ? announce(announce, source, nowNanos)
              : badConnectionId(request);
      case UdpRequest.Scrape scrape ->
          connectionIds.isValid(scrape.connectionId(), source, nowNanos)
              ? scrape(scrape)
              : badConnectionId(request);
    };
  }

  private UdpResponse badConnectionId(UdpRequest request) {
    logic.counters().add(Count.REFUSED_UDP_CONNECTION_ID);
    return new UdpResponse.Refused(request.transactionId(), BAD_CONNECTION_ID);
  }

  private UdpResponse announce(UdpRequest.Announce announce, Endpoint source, long nowNanos) {
    logic.counters().add(Count.UDP_ANNOUNCES);
    var response =
        logic.announce(
            announce.request(),
            source,
            source.isV4() ? Families.V4 : Families.V6,
            source.isV4() ? PEER_COUNT_MAX_V4 : PEER_COUNT_MAX_V6,
            false,
            nowNanos);
    return switch (response) {
      case AnnounceReply reply -> new UdpResponse.Announced(announce.transactionId(), reply);
      case TrackerFailure failure ->
          new UdpResponse.Refused(announce.transactionId(), failure.reason());
      case ScrapeReply _ -> throw new AssertionError("an announce was answered with a scrape");
    };
  }

  private UdpResponse scrape(UdpRequest.Scrape scrape) {
    logic.counters().add(Count.UDP_SCRAPES);
    var counts = scrape.infoHashes().stream().map(logic::counts).toList();
    return new UdpResponse.Scraped(scrape.transactionId(), counts);
  }
}
