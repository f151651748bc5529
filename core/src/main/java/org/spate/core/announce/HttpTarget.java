package org.spate.core.announce;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/** The request targets, path and query, that a client sends to an HTTP tracker (BEP 3, 23, 48). */
public final class HttpTarget {

  private HttpTarget() {}

  /** The target of an announce; asks for the compact form. */
  public static String announce(TrackerUrl url, AnnounceRequest request) {
    var target = begin(url.target());
    PercentCode.encode(request.infoHash().bytes(), target.append("info_hash="));
    PercentCode.encode(request.peerId().bytes(), target.append("&peer_id="));
    target
        .append("&port=" + request.port())
        .append("&uploaded=" + request.uploaded())
        .append("&downloaded=" + request.downloaded())
        .append("&left=" + request.left())
        .append("&compact=1&no_peer_id=1")
        .append(String.format(Locale.ROOT, "&key=%08X", request.key()));
    if (request.numwant() != AnnounceRequest.NUMWANT_DEFAULT) {
      target.append("&numwant=" + request.numwant());
    }
    if (request.event() != AnnounceEvent.NONE) {
      target.append("&event=" + request.event().parameter());
    }
    return target.toString();
  }

  /** The target of a scrape, or null if the tracker's URL does not allow one. */
  public static @Nullable String scrape(TrackerUrl url, List<Hash160> infoHashes) {
    var scrape = url.scrapeTarget();
    if (scrape == null) {
      return null;
    }
    var target = begin(scrape);
    for (int i = 0; i < infoHashes.size(); i++) {
      target.append(i == 0 ? "info_hash=" : "&info_hash=");
      PercentCode.encode(infoHashes.get(i).bytes(), target);
    }
    return target.toString();
  }

  private static StringBuilder begin(String target) {
    var rooted = target.startsWith("/") ? target : "/" + target;
    return new StringBuilder(rooted).append(rooted.indexOf('?') < 0 ? '?' : '&');
  }
}
