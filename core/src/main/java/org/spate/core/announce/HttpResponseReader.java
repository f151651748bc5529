package org.spate.core.announce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.IpLiteral;
import org.spate.core.PeerId;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.Bencoded;

/**
 * Reads the bodies that HTTP trackers answer with (BEP 3, 7, 23, 24, 31, 48). Any bytes have a
 * meaning: what is no answer is a {@link TrackerFailure}. Fields of a wrong type are as if absent,
 * and peers given by name are dropped, since nothing here may cause a look-up.
 */
public final class HttpResponseReader {
  /** What an HTTP client may take from a tracker, as sent and after inflating. */
  public static final int BODY_BYTES_MAX = 1 << 20;

  /** More peers than these are dropped. */
  public static final int PEER_COUNT_MAX = 2_000;

  /** For trackers that forget to name their interval. */
  static final int INTERVAL_ABSENT_SECONDS = 1_800;

  private HttpResponseReader() {}

  /** An {@link AnnounceReply}, or a failure. */
  public static TrackerResponse announce(byte[] body) {
    return read(body, HttpResponseReader::announceReply);
  }

  /** A {@link ScrapeReply}, or a failure. */
  public static TrackerResponse scrape(byte[] body) {
    return read(body, HttpResponseReader::scrapeReply);
  }

  private interface Form {
    TrackerResponse of(Bencoded.Dictionary body);
  }

  private static TrackerResponse read(byte[] body, Form form) {
    if (body.length > BODY_BYTES_MAX) {
      return TrackerFailure.of("response longer than " + BODY_BYTES_MAX + " bytes");
    }
    try {
      // Some trackers end their answer with a line break.
      var value = BencodeReader.parsePrefix(body, 0, body.length, BencodeLimits.MESSAGE);
      if (!(value instanceof Bencoded.Dictionary dictionary)) {
        return TrackerFailure.of("response is no dictionary");
      }
      var reason = dictionary.text("failure reason");
      return reason != null ? failure(dictionary, reason.utf8()) : form.of(dictionary);
    } catch (BencodeException e) {
      return TrackerFailure.of("malformed response: " + e.getMessage());
    }
  }

  private static TrackerFailure failure(Bencoded.Dictionary body, String reason) {
    return switch (body.find("retry in")) {
      case Bencoded.Int minutes -> new TrackerFailure(reason, seconds(minutes.value()));
      case Bencoded.Text text when text.utf8().equals("never") -> TrackerFailure.permanent(reason);
      case Bencoded.Text text -> new TrackerFailure(reason, seconds(decimal(text.utf8())));
      case null, default -> TrackerFailure.of(reason);
    };
  }

  private static int seconds(long minutes) {
    boolean sensible = minutes > 0 && minutes < TrackerFailure.NEVER / 60;
    return sensible ? (int) minutes * 60 : TrackerFailure.BACK_OFF;
  }

  private static long decimal(String text) {
    return text.length() <= 9 && text.matches("[0-9]+") ? Long.parseLong(text) : 0;
  }

  private static TrackerResponse announceReply(Bencoded.Dictionary body) {
    var peers = new ArrayList<Endpoint>();
    var peerIds = new ArrayList<PeerId>();
    switch (body.find("peers")) {
      case Bencoded.Text compact -> addCompact(compact, false, peers);
      case Bencoded.Items list -> addListed(list, peers, peerIds);
      case null, default -> {}
    }
    var peers6 = body.text("peers6");
    if (peers6 != null) {
      addCompact(peers6, true, peers);
    }
    var warning = body.text("warning message");
    return new AnnounceReply(
        natural(body, "interval", INTERVAL_ABSENT_SECONDS),
        natural(body, "min interval", 0),
        natural(body, "complete", AnnounceReply.UNKNOWN),
        natural(body, "incomplete", AnnounceReply.UNKNOWN),
        peers,
        peerIds.size() == peers.size() ? peerIds : List.of(),
        warning == null ? null : TrackerFailure.of(warning.utf8()).reason(),
        externalAddress(body.text("external ip")));
  }

  /** A number from 0 to 2^31-1, larger ones cut to that; negative is as good as absent. */
  private static int natural(Bencoded.Dictionary body, String key, int absent) {
    var value = body.integer(key);
    return value == null || value < 0 ? absent : (int) Math.min(value, Integer.MAX_VALUE);
  }

  private static void addCompact(Bencoded.Text compact, boolean v6, List<Endpoint> peers) {
    int countMax = PEER_COUNT_MAX - peers.size();
    peers.addAll(
        CompactPeers.read(compact.source(), compact.contentStart(), compact.end(), v6, countMax));
  }

  private static void addListed(Bencoded.Items list, List<Endpoint> peers, List<PeerId> peerIds) {
    for (var item : list.values()) {
      var peer = item instanceof Bencoded.Dictionary dictionary ? listed(dictionary) : null;
      if (peer != null && peers.size() < PEER_COUNT_MAX) {
        peers.add(peer);
        var id = ((Bencoded.Dictionary) item).text("peer id");
        if (id != null && id.length() == Hash160.BYTES) {
          peerIds.add(PeerId.of(id.bytes()));
        }
      }
    }
  }

  private static @Nullable Endpoint listed(Bencoded.Dictionary peer) {
    var ip = peer.text("ip");
    var port = peer.integer("port");
    if (ip == null || port == null || port < 1 || port > 0xFFFF) {
      return null;
    }
    var address = IpLiteral.parse(ip.utf8());
    return address == null ? null : Endpoint.of(address, port.intValue());
  }

  private static @Nullable Endpoint externalAddress(Bencoded.@Nullable Text ip) {
    if (ip == null) {
      return null;
    }
    return switch (ip.length()) {
      case 4 -> Endpoint.v4(BigEndian.intAt(ip.source(), ip.contentStart()), 0);
      case 16 -> Endpoint.of(ip.bytes(), 0);
      default -> null;
    };
  }

  private static TrackerResponse scrapeReply(Bencoded.Dictionary body) {
    var files = body.dictionary("files");
    if (files == null) {
      return TrackerFailure.of("scrape response without files");
    }
    var swarms = new LinkedHashMap<Hash160, SwarmCounts>();
    files
        .entries()
        .forEach(
            (key, value) -> {
              if (key.length() == Hash160.BYTES && value instanceof Bencoded.Dictionary counts) {
                swarms.put(Hash160.of(key.getBytes(StandardCharsets.ISO_8859_1)), counts(counts));
              }
            });
    return new ScrapeReply(swarms);
  }

  private static SwarmCounts counts(Bencoded.Dictionary counts) {
    return new SwarmCounts(
        natural(counts, "complete", 0),
        natural(counts, "downloaded", 0),
        natural(counts, "incomplete", 0));
  }
}
