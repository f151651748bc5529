package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.wire.Extension;
import org.spate.core.wire.MetadataMessage;
import org.spate.core.wire.PeerMessage;

/**
 * Fetches the info dictionary (BEP 9) from several neighbours at once. How long it is only its hash
 * can prove, so each size that is claimed has an {@link MetadataAssembly} of its own, and a liar
 * holds up nobody but those who tell the same lie.
 */
final class MetadataFetch {
  /** Longer dictionaries are not fetched; 16 MiB are the v1 hashes of 800,000 pieces. */
  static final int LENGTH_MAX = 16 << 20;

  /** Bytes of all assemblies together; beyond, another one begins again. */
  static final int BUFFERED_MAX = LENGTH_MAX;

  /** Requests that one neighbour has to answer at a time. */
  private static final int REQUESTS_MAX = 4;

  private static final long SECOND = 1_000_000_000L;
  static final long TIMEOUT_NANOS = 15 * SECOND;

  /** How long a neighbour is left alone that rejected a request or did not answer. */
  static final long REST_NANOS = 60 * SECOND;

  /** A neighbour that says it has the dictionary. */
  private static final class Source {
    final Peer peer;
    final int size;
    final Map<Integer, Long> asked = new LinkedHashMap<>(); // piece, when
    final Set<Integer> owed = new LinkedHashSet<>(); // asked for, also if we do not wait any more
    long awakeNanos;

    Source(Peer peer, int size, long nowNanos) {
      this.peer = peer;
      this.size = size;
      this.awakeNanos = nowNanos;
    }
  }

  private final InfoHash infoHash;
  private final Outbox out;
  private final Map<Integer, Source> sources = new LinkedHashMap<>(); // by link
  private final Map<Integer, MetadataAssembly> assemblies = new LinkedHashMap<>(); // by size
  private final List<Endpoint> convicted = new ArrayList<>();
  private byte @Nullable [] found;

  MetadataFetch(InfoHash infoHash, Outbox out) {
    this.infoHash = infoHash;
    this.out = out;
  }

  /** The dictionary whose hashes are right, or null so far. */
  byte @Nullable [] found() {
    return found;
  }

  /** Who has been proved to send wrong pieces since the last call. */
  List<Endpoint> takeConvicted() {
    var taken = List.copyOf(convicted);
    convicted.clear();
    return taken;
  }

  boolean isSource(Peer peer) {
    return sources.containsKey(peer.link);
  }

  /** A neighbour has told what it has in an extension handshake. */
  void onOffer(Peer peer, long nowNanos) {
    int size = peer.metadataSize();
    var known = sources.get(peer.link);
    boolean isUsable = peer.ids.has(Extension.UT_METADATA) && size > 0 && size <= LENGTH_MAX;
    if (known != null && (!isUsable || known.size != size)) {
      onGone(peer);
      known = null;
    }
    if (isUsable && known == null) {
      sources.put(peer.link, new Source(peer, size, nowNanos));
      assemblies.computeIfAbsent(size, MetadataAssembly::new);
    }
    fillAll(nowNanos);
  }

  void onGone(Peer peer) {
    var source = sources.remove(peer.link);
    if (source != null) {
      release(source);
      if (sources.values().stream().noneMatch(other -> other.size == source.size)) {
        assemblies.remove(source.size);
      }
    }
  }

  /** Returns why the link must close, or null. */
  @Nullable CloseReason onMessage(Peer peer, MetadataMessage message, long nowNanos) {
    var source = sources.get(peer.link);
    if (source == null || found != null) {
      peer.nuisance++;
      return null;
    }
    var reason =
        switch (message) {
          case MetadataMessage.Data data -> onData(source, data);
          case MetadataMessage.Reject(int piece) -> {
            if (source.owed.contains(piece)) {
              rest(source, nowNanos);
            } else {
              peer.nuisance++;
            }
            yield null;
          }
          case MetadataMessage.Request _, MetadataMessage.Unknown _ -> {
            peer.nuisance++;
            yield null;
          }
        };
    fillAll(nowNanos);
    return reason;
  }

  private @Nullable CloseReason onData(Source source, MetadataMessage.Data data) {
    int piece = data.piece();
    if (!source.owed.remove(piece)) {
      source.peer.nuisance++;
      return null;
    }
    var assembly = assembly(source);
    if (source.asked.remove(piece) != null) {
      assembly.onSettled(piece);
    }
    boolean isOtherSize = data.totalSize() != 0 && data.totalSize() != source.size;
    if (isOtherSize || data.bytes().length != assembly.pieceLength(piece)) {
      return CloseReason.BAD_EXTENSION_MESSAGE;
    }
    if (assembly.admits(source.peer.link)) {
      assembly.put(piece, data.bytes(), source.peer.remote);
      makeRoom(assembly);
      if (assembly.isComplete()) {
        check(assembly);
      }
    }
    return null;
  }

  private MetadataAssembly assembly(Source source) {
    return assemblies.computeIfAbsent(source.size, MetadataAssembly::new);
  }

  private void makeRoom(MetadataAssembly keep) {
    while (assemblies.values().stream().mapToInt(MetadataAssembly::buffered).sum() > BUFFERED_MAX) {
      var largest = keep;
      for (var other : assemblies.values()) {
        if (other != keep && (largest == keep || other.buffered() > largest.buffered())) {
          largest = other;
        }
      }
      largest.clear();
    }
  }

  private void check(MetadataAssembly assembly) {
    var whole = assembly.joined();
    if (isRight(whole)) {
      found = whole;
      convicted.addAll(assembly.liars());
      assemblies.clear();
      sources.clear();
    } else {
      convicted.addAll(assembly.fail());
    }
  }

  /** A link to a hybrid may name both hashes, and then both must be right. */
  private boolean isRight(byte[] whole) {
    var v1 = infoHash.v1();
    var v2 = infoHash.v2();
    return (v1 == null || v1.equals(Hash160.sha1(whole, 0, whole.length)))
        && (v2 == null || v2.equals(Hash256.sha256(whole, 0, whole.length)));
  }

  /** Every second: who does not answer is left alone for a while. */
  void tick(long nowNanos) {
    for (var source : sources.values()) {
      long oldestNanos = nowNanos;
      for (long askedNanos : source.asked.values()) {
        oldestNanos = Math.min(oldestNanos, askedNanos);
      }
      if (nowNanos - oldestNanos > TIMEOUT_NANOS) {
        rest(source, nowNanos);
      }
    }
    fillAll(nowNanos);
  }

  private void rest(Source source, long nowNanos) {
    release(source);
    source.awakeNanos = nowNanos + REST_NANOS;
  }

  private void release(Source source) {
    var assembly = assemblies.get(source.size);
    if (assembly != null) {
      source.asked.keySet().forEach(assembly::onSettled);
      assembly.onFailing(source.peer.link);
    }
    source.asked.clear();
  }

  private void fillAll(long nowNanos) {
    for (var source : sources.values()) {
      if (source.awakeNanos - nowNanos <= 0) {
        fill(source, nowNanos);
      }
    }
  }

  private void fill(Source source, long nowNanos) {
    var assembly = assembly(source);
    if (!assembly.admits(source.peer.link)) {
      return;
    }
    while (source.asked.size() < REQUESTS_MAX) {
      int piece = assembly.next(source.owed);
      if (piece < 0) {
        return;
      }
      assembly.onAsked(piece);
      source.asked.put(piece, nowNanos);
      source.owed.add(piece);
      int id = source.peer.ids.id(Extension.UT_METADATA);
      var request = new MetadataMessage.Request(piece);
      out.send(source.peer, new PeerMessage.Extended(id, request.encode()), nowNanos);
    }
  }
}
