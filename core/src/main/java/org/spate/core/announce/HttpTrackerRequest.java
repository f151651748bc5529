package org.spate.core.announce;

import java.util.List;
import org.spate.core.Hash160;

/**
 * A query to an HTTP tracker as the tracker understands it (BEP 3, 23, 48). Where the client says
 * it is ({@code ip=}, {@code ipv4=}, {@code ipv6=}) is not looked at: it would let anybody point a
 * swarm at a victim (BEP 7).
 */
public sealed interface HttpTrackerRequest {
  /** A longer query is refused: 100 hashes for a scrape fit, whatever their escapes. */
  int QUERY_LENGTH_MAX = 8_192;

  int PARAMETER_COUNT_MAX = 128;
  int SCRAPE_COUNT_MAX = 100;

  /**
   * An announce.
   *
   * @param compact whether the compact form is welcome; it is unless refused with {@code compact=0}
   * @param withPeerIds whether a list that is not compact is to name the peers' ids
   */
  record Announce(AnnounceRequest request, boolean compact, boolean withPeerIds)
      implements HttpTrackerRequest {}

  /** A scrape of one swarm or several. */
  record Scrape(List<Hash160> infoHashes) implements HttpTrackerRequest {
    public Scrape {
      infoHashes = List.copyOf(infoHashes);
    }
  }

  /** A scrape that names no swarm, and so asks for all of them. */
  record FullScrape() implements HttpTrackerRequest {}

  /** A query that is not understood; the reason is meant for the client. */
  record Malformed(String reason) implements HttpTrackerRequest {}

  /** Parses the query of an announce: what follows the question mark. */
  static HttpTrackerRequest announce(String query) {
    try {
      return HttpQuery.parse(query).announce();
    } catch (HttpQuery.QueryException e) {
      return new Malformed(e.reason);
    }
  }

  /** Parses the query of a scrape: what follows the question mark. */
  static HttpTrackerRequest scrape(String query) {
    try {
      return HttpQuery.parse(query).scrape();
    } catch (HttpQuery.QueryException e) {
      return new Malformed(e.reason);
    }
  }
}
