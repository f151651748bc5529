package org.spate.core.announce;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.bencode.BencodeWriter;

/** Writes the bodies that an HTTP tracker answers with (BEP 3, 7, 23, 24, 31, 48). */
public final class HttpResponseWriter {

  private HttpResponseWriter() {}

  /** With {@code peers} and {@code peers6} as strings (BEP 23, 7). */
  public static byte[] compact(AnnounceReply reply) {
    return compact(
        reply, CompactPeers.bytes(reply.peers(), false), CompactPeers.bytes(reply.peers(), true));
  }

  /** The same with peers that are in this form already; those of the reply are left out. */
  public static byte[] compact(AnnounceReply reply, byte[] peers, byte[] peers6) {
    var writer = begin(reply).key("peers").text(peers);
    if (peers6.length > 0) {
      writer.key("peers6").text(peers6);
    }
    return end(writer, reply);
  }

  /** With {@code peers} as a list of dictionaries (BEP 3), for clients that refuse the other. */
  public static byte[] full(AnnounceReply reply) {
    var writer = begin(reply).key("peers").beginList();
    for (int i = 0; i < reply.peers().size(); i++) {
      var peer = reply.peers().get(i);
      writer.beginDictionary().key("ip").text(peer.host());
      if (!reply.peerIds().isEmpty()) {
        writer.key("peer id").text(reply.peerIds().get(i).bytes());
      }
      writer.key("port").integer(peer.port()).end();
    }
    return end(writer.end(), reply);
  }

  private static BencodeWriter begin(AnnounceReply reply) {
    var writer = new BencodeWriter().beginDictionary();
    if (reply.complete() != AnnounceReply.UNKNOWN) {
      writer.key("complete").integer(reply.complete());
    }
    Endpoint external = reply.externalAddress();
    if (external != null) {
      writer.key("external ip").text(external.address());
    }
    if (reply.incomplete() != AnnounceReply.UNKNOWN) {
      writer.key("incomplete").integer(reply.incomplete());
    }
    writer.key("interval").integer(reply.intervalSeconds());
    if (reply.minIntervalSeconds() > 0) {
      writer.key("min interval").integer(reply.minIntervalSeconds());
    }
    return writer;
  }

  private static byte[] end(BencodeWriter writer, AnnounceReply reply) {
    var warning = reply.warning();
    if (warning != null) {
      writer.key("warning message").text(warning);
    }
    return writer.end().toBytes();
  }

  public static byte[] scrape(ScrapeReply reply) {
    var swarms = swarms(new TreeMap<>(reply.swarms()));
    return new BencodeWriter().beginDictionary().key("files").raw(swarms).end().toBytes();
  }

  /** The dictionary of swarms that a scrape is answered with. */
  private static byte[] swarms(SortedMap<Hash160, SwarmCounts> swarms) {
    var writer = new BencodeWriter().beginDictionary();
    swarms.forEach(
        (infoHash, counts) ->
            writer
                .key(new String(infoHash.bytes(), StandardCharsets.ISO_8859_1))
                .beginDictionary()
                .key("complete")
                .integer(counts.complete())
                .key("downloaded")
                .integer(counts.downloaded())
                .key("incomplete")
                .integer(counts.incomplete())
                .end());
    return writer.end().toBytes();
  }

  /** What stands before the swarms of a scrape that is written in parts. */
  public static final String SCRAPE_BEGIN = "d5:filesd";

  /** What stands behind them. */
  public static final String SCRAPE_END = "ee";

  /** Some of the swarms in between; those of the next part come after them in order. */
  public static byte[] scrapePart(SortedMap<Hash160, SwarmCounts> part) {
    var dictionary = swarms(part);
    return Arrays.copyOfRange(dictionary, 1, dictionary.length - 1);
  }

  /** The time of a retry goes out in whole minutes (BEP 31). */
  public static byte[] failure(TrackerFailure failure) {
    var writer = new BencodeWriter().beginDictionary().key("failure reason").text(failure.reason());
    if (failure.retryInSeconds() == TrackerFailure.NEVER) {
      writer.key("retry in").text("never");
    } else if (failure.retryInSeconds() != TrackerFailure.BACK_OFF) {
      writer.key("retry in").integer((failure.retryInSeconds() + 59L) / 60);
    }
    return writer.end().toBytes();
  }
}
