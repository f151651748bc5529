package org.spate.core.swarm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Handshake;

/**
 * The web servers among the neighbours (BEP 17, 19). Each counts as a neighbour that has everything
 * and chokes nobody, so that picking, time-outs and the proof of who sent bad data are the same for
 * all; it goes by an address of its own that no peer can have.
 *
 * <p>Peers come first: a web seed is asked for what no peer has, and for anything only while the
 * peers are too slow to deliver the rest in time, or there are none.
 */
final class WebSeeds {
  /** More of one torrent are not used. */
  static final int COUNT_MAX = 16;

  /** How long peers have to be found before a server is asked. */
  static final long HEAD_START_NANOS = 2_000_000_000L;

  /** What peers deliver within so many seconds at their present rate is left to them. */
  static final int IN_TIME_SECONDS = 60;

  private final PieceGeometry geometry;
  private final Neighbours neighbours;
  private final PiecePicker picker;
  private final Downloader downloader;
  private final PeerTable table;
  private final Outbox out;
  private final Map<Endpoint, String> urls = new LinkedHashMap<>();
  private final List<Peer> open = new ArrayList<>();

  WebSeeds(
      PieceGeometry geometry,
      Neighbours neighbours,
      PiecePicker picker,
      Downloader downloader,
      PeerTable table,
      Outbox out) {
    this.geometry = geometry;
    this.neighbours = neighbours;
    this.picker = picker;
    this.downloader = downloader;
    this.table = table;
    this.out = out;
  }

  /** An address out of the prefix that leads nowhere (RFC 6666). */
  static Endpoint alias(String url) {
    var text = url.getBytes(StandardCharsets.UTF_8);
    var address = Hash160.sha1(text, 0, text.length).bytes();
    var bytes = new byte[16];
    bytes[0] = 1;
    System.arraycopy(address, 0, bytes, 8, 8);
    return Endpoint.of(bytes, 80);
  }

  /** What to tell of a source that was proved to have sent bad bytes. */
  SwarmEvent banned(Endpoint remote, int piece) {
    var url = urls.get(remote);
    return url == null
        ? new SwarmEvent.PeerBanned(remote, piece)
        : new SwarmEvent.WebSeedBanned(url, piece);
  }

  void onOpened(SwarmInput.WebSeedOpened opened, boolean isRunning, long nowNanos) {
    var refusal = isRunning ? join(opened, nowNanos) : CloseReason.PAUSED;
    if (refusal != null) {
      out.add(new SwarmOutput.CloseLink(opened.link(), refusal));
    } else {
      out.tell(new SwarmEvent.WebSeedOpened(opened.url()));
    }
  }

  /** Why it is not welcome, or null if it has become a neighbour. */
  private @Nullable CloseReason join(SwarmInput.WebSeedOpened opened, long nowNanos) {
    var alias = alias(opened.url());
    if (table.isBanned(alias)) {
      return CloseReason.BANNED;
    }
    if (open.size() >= COUNT_MAX) {
      return CloseReason.TOO_MANY_LINKS;
    }
    var id = new PeerId(Hash160.sha1(alias.address(), 0, alias.address().length));
    var handshake = new Handshake(Handshake.FAST, id.value(), id);
    if (neighbours.twin(id, alias) != null) {
      return CloseReason.DUPLICATE;
    }
    urls.put(alias, opened.url());
    var asLink = new SwarmInput.LinkOpened(opened.link(), alias, false, handshake);
    var peer = new Peer(asLink, PeerSource.WEB_SEED, geometry.pieceCount(), nowNanos);
    peer.dialable = null;
    peer.web = new WebSource(opened.url());
    peer.peerChoking = false;
    peer.saidPieces = true;
    peer.has.addAll();
    neighbours.add(peer);
    open.add(peer);
    downloader.onBitfield(peer, nowNanos);
    return null;
  }

  /** It cannot help for a while: what it was asked for is free for others. */
  void onFailed(SwarmInput.WebSeedFailed failure, long nowNanos) {
    var peer = neighbours.find(failure.link());
    var web = peer == null ? null : peer.web;
    if (peer != null && web != null) {
      long wait = web.onFailure(failure.retryAfterSeconds(), nowNanos);
      peer.peerChoking = true;
      downloader.onFailed(peer, nowNanos);
      out.tell(new SwarmEvent.WebSeedFailed(web.url, failure.reason(), wait));
    }
  }

  /** Returns what to tell of a neighbour that is gone, whichever kind it was. */
  SwarmEvent onGone(Peer peer, CloseReason reason) {
    open.remove(peer);
    return peer.web == null
        ? new SwarmEvent.PeerGone(peer.link, peer.remote, reason)
        : new SwarmEvent.WebSeedGone(peer.web.url, reason);
  }

  /** Every second: what each is for now. */
  void tick(long nowNanos) {
    if (open.isEmpty()) {
      return;
    }
    boolean suffices = peersSuffice(nowNanos);
    var missing = suffices ? missing() : null;
    for (var peer : open) {
      var web = peer.web;
      if (web != null) {
        boolean isDue = nowNanos - peer.connectedNanos >= HEAD_START_NANOS;
        web.within = missing;
        web.isNeeded = isDue && (missing == null || !missing.isEmpty());
        if (web.retryNanos != Machine.NEVER && web.retryNanos - nowNanos <= 0) {
          web.retryNanos = Machine.NEVER;
          downloader.onUnchoke(peer, nowNanos);
        }
      }
    }
  }

  private boolean peersSuffice(long nowNanos) {
    double rate = 0;
    for (var peer : neighbours.all()) {
      rate += peer.web == null ? peer.downRate.rate(nowNanos) : 0;
    }
    double left = (double) picker.wantedCount() * geometry.pieceLength();
    return rate * IN_TIME_SECONDS >= left;
  }

  /** The wanted pieces that no peer has. */
  private PieceSet missing() {
    var missing = new PieceSet(geometry.pieceCount());
    for (int piece = 0; piece < geometry.pieceCount(); piece++) {
      if (picker.isWanted(piece) && picker.availability(piece) <= open.size()) {
        missing.add(piece);
      }
    }
    return missing;
  }
}
