package org.spate.tracker;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;

/** What a WebSocket client says to a tracker, in the protocol that WebTorrent has introduced. */
sealed interface WebTorrentMessage {

  /**
   * A session description (RFC 8866) as it stood in a message: a JSON string with its quotes and
   * escapes. It is handed on as it is, since a tracker has no use for it.
   */
  record Sdp(byte[] message, int start, int length) {}

  /** An invitation to one peer, whichever it may be. */
  record Offer(Hash160 offerId, Sdp sdp) {}

  /**
   * A peer says how it does and brings offers for others.
   *
   * @param uploaded bytes sent since it started, 0 and up
   * @param downloaded bytes received since then
   * @param offers not more than may be handed on
   * @param cutOfferCount how many more there were
   */
  record Announce(
      Hash160 infoHash,
      PeerId peerId,
      AnnounceEvent event,
      boolean isSeed,
      long uploaded,
      long downloaded,
      List<Offer> offers,
      int cutOfferCount)
      implements WebTorrentMessage {

    /** The same as it would come over another front, where nobody can be dialled. */
    AnnounceRequest request() {
      return new AnnounceRequest(
          infoHash, peerId, 0, uploaded, downloaded, isSeed ? 0 : 1, event, 0, 0);
    }
  }

  /** A peer takes up the offer of another. */
  record Answer(Hash160 infoHash, PeerId peerId, PeerId toPeerId, Hash160 offerId, Sdp sdp)
      implements WebTorrentMessage {}

  /** Somebody asks for the sizes of swarms. */
  record Scrape(List<Hash160> infoHashes) implements WebTorrentMessage {}

  /** Not even UTF-8, and so not what the frames said it was. */
  record NoText() implements WebTorrentMessage {}

  /** Nothing that can be understood; the info-hash if that much was clear. */
  record Malformed(String reason, @Nullable Hash160 infoHash) implements WebTorrentMessage {}
}
