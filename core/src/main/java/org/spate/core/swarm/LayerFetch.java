package org.spate.core.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.HashRange;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.PieceLayers;
import org.spate.core.wire.PeerMessage;

/**
 * Fetches the piece layers of a v2 torrent by hash requests (BEP 52). Every answer comes with its
 * proof up to the root that the info dictionary names, so a wrong one shows at once and whose it
 * is.
 */
final class LayerFetch {
  /** Requests that one neighbour has to answer at a time. */
  private static final int REQUESTS_MAX = 8;

  /** What is asked for: hashes of the file with this root. */
  private record Want(Hash256 root, HashRange range) {}

  private static final class Source {
    final Peer peer;
    final Map<Want, Long> asked = new LinkedHashMap<>(); // and when
    long awakeNanos;

    Source(Peer peer, long nowNanos) {
      this.peer = peer;
      this.awakeNanos = nowNanos;
    }
  }

  /** A layer that is not whole. */
  private static final class Layer {
    final byte[] hashes;
    int missing; // answers

    Layer(FileEntry file, int pieceLength, int answers) {
      hashes = new byte[(int) Math.ceilDiv(file.length(), (long) pieceLength) * Hash256.BYTES];
      missing = answers;
    }
  }

  private final Outbox out;
  private final int pieceLength;
  private final @Nullable Hash160 swarm; // who is here under v2 answers; to others it is an offence
  private final Map<Hash256, FileEntry> files = new LinkedHashMap<>(); // those with a layer
  private final Iterator<FileEntry> ahead;
  private final ArrayDeque<Want> wants = new ArrayDeque<>();
  private final Map<Integer, Source> sources = new LinkedHashMap<>(); // by link
  private final Map<Hash256, Layer> begun = new LinkedHashMap<>();
  private final Map<Hash256, byte[]> done = new LinkedHashMap<>();

  LayerFetch(InfoDictionary info, Outbox out) {
    this.out = out;
    this.pieceLength = info.geometry().pieceLength();
    var v2 = info.infoHash().v2();
    this.swarm = v2 == null ? null : v2.truncated();
    for (var file : info.files().files()) {
      var root = file.piecesRoot();
      if (root != null && PieceLayers.hasLayer(file, pieceLength)) {
        files.putIfAbsent(root, file);
      }
    }
    this.ahead = files.values().iterator();
  }

  boolean isComplete() {
    return done.size() == files.size();
  }

  /** Those that are whole and proved. */
  PieceLayers layers() {
    return new PieceLayers(new LinkedHashMap<>(done));
  }

  /** Whether there is anybody to ask. */
  boolean hasSources() {
    return !sources.isEmpty();
  }

  void onOpened(Peer peer, long nowNanos) {
    if (peer.infoHash.equals(swarm)) {
      sources.put(peer.link, new Source(peer, nowNanos));
      fillAll(nowNanos);
    }
  }

  void onGone(Peer peer) {
    var source = sources.remove(peer.link);
    if (source != null) {
      takeBack(source);
    }
  }

  /** Returns why the link must close, or null. */
  @Nullable CloseReason onHashes(Peer peer, PeerMessage.Hashes m, long nowNanos) {
    var range = new HashRange(m.baseLayer(), m.index(), m.length(), m.proofLayers());
    var want = new Want(m.piecesRoot(), range);
    var source = sources.get(peer.link);
    if (source == null || source.asked.remove(want) == null) {
      peer.nuisance++;
      return null;
    }
    if (m.hashes().length != range.answerLength() * Hash256.BYTES
        || !range.top(m.hashes()).equals(want.root)) {
      wants.addFirst(want);
      return CloseReason.SENT_BAD_DATA;
    }
    store(want, m.hashes());
    fillAll(nowNanos);
    return null;
  }

  private void store(Want want, byte[] hashes) {
    var layer = begun.get(want.root);
    if (layer == null) {
      return;
    }
    int from = want.range.index() * Hash256.BYTES;
    int length = Math.min(want.range.length() * Hash256.BYTES, layer.hashes.length - from);
    System.arraycopy(hashes, 0, layer.hashes, from, length);
    if (--layer.missing == 0) {
      begun.remove(want.root);
      done.put(want.root, layer.hashes);
    }
  }

  void onReject(Peer peer, PeerMessage.HashReject m, long nowNanos) {
    var range = new HashRange(m.baseLayer(), m.index(), m.length(), m.proofLayers());
    var source = sources.get(peer.link);
    if (source == null || !source.asked.containsKey(new Want(m.piecesRoot(), range))) {
      peer.nuisance++;
      return;
    }
    rest(source, nowNanos);
    fillAll(nowNanos);
  }

  /** Every second: who does not answer is left alone for a while. */
  void tick(long nowNanos) {
    for (var source : sources.values()) {
      for (long askedNanos : source.asked.values()) {
        if (nowNanos - askedNanos > MetadataFetch.TIMEOUT_NANOS) {
          rest(source, nowNanos);
          break;
        }
      }
    }
    fillAll(nowNanos);
  }

  private void rest(Source source, long nowNanos) {
    takeBack(source);
    source.awakeNanos = nowNanos + MetadataFetch.REST_NANOS;
  }

  private void takeBack(Source source) {
    new ArrayList<>(source.asked.keySet()).forEach(wants::addFirst);
    source.asked.clear();
  }

  private void fillAll(long nowNanos) {
    for (var source : sources.values()) {
      while (source.awakeNanos - nowNanos <= 0 && source.asked.size() < REQUESTS_MAX) {
        var want = next();
        if (want == null) {
          return;
        }
        source.asked.put(want, nowNanos);
        var range = want.range;
        out.send(
            source.peer,
            new PeerMessage.HashRequest(
                want.root, range.baseLayer(), range.index(), range.length(), range.proofLayers()),
            nowNanos);
      }
    }
  }

  private @Nullable Want next() {
    if (wants.isEmpty() && ahead.hasNext()) {
      var file = ahead.next();
      var root = file.piecesRoot();
      var ranges = HashRange.ofPieceLayer(file.length(), pieceLength);
      if (root != null) {
        begun.put(root, new Layer(file, pieceLength, ranges.size()));
        ranges.forEach(range -> wants.add(new Want(root, range)));
      }
    }
    return wants.poll();
  }
}
