package org.spate.core.swarm;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.Extension;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.MetadataMessage;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.WireException;

/** Talks to one neighbour: what is said first, and which collaborator hears what it says. */
final class Conversation {
  private static final String CLIENT = "Spate/0.1";

  // One table of each kind for all links.
  private static final Map<String, Integer> OFFERED_IN_PRIVATE =
      Extension.ids(List.of(Extension.UT_METADATA, Extension.UPLOAD_ONLY, Extension.LT_DONTHAVE));

  private static final Map<String, Integer> OFFERED_WITHOUT_UTP =
      Extension.ids(
          List.of(
              Extension.UT_METADATA,
              Extension.UPLOAD_ONLY,
              Extension.LT_DONTHAVE,
              Extension.UT_PEX));

  private static final Map<String, Integer> OFFERED =
      Extension.ids(
          List.of(
              Extension.UT_METADATA,
              Extension.UPLOAD_ONLY,
              Extension.LT_DONTHAVE,
              Extension.UT_PEX,
              Extension.UT_HOLEPUNCH));

  private static final long SECOND = 1_000_000_000L;

  /** Most answers to a neighbour's hash requests: 16 KiB each, choked or not. */
  static final int HASH_ANSWERS_PER_SECOND = 32;

  /** A neighbour that makes progress may lose and regain interest with each piece. */
  private static final int FORGIVEN_FOR_NEWS = 2;

  private final PieceSet have;
  private final Downloader downloader;
  private final Uploader uploader;
  private final Choker choker;
  private final SuperSeeder superSeeder;
  private final Connector connector;
  private final PeerExchange exchange;
  private final FastGrants grants;
  private final HashSource hashes;
  private final LeafReads leafReads;
  private final LeafGuard guard;
  private final MetadataAnswers metadata;
  private final Outbox out;
  private SwarmSettings settings;
  private boolean finished;

  Conversation(
      PieceSet have,
      Downloader downloader,
      Uploader uploader,
      Choker choker,
      SuperSeeder superSeeder,
      Connector connector,
      PeerExchange exchange,
      FastGrants grants,
      Description description,
      LeafReads leafReads,
      LeafGuard guard,
      Outbox out,
      SwarmSettings settings) {
    this.have = have;
    this.downloader = downloader;
    this.uploader = uploader;
    this.choker = choker;
    this.superSeeder = superSeeder;
    this.connector = connector;
    this.exchange = exchange;
    this.grants = grants;
    this.hashes = description.hashes();
    this.leafReads = leafReads;
    this.guard = guard;
    this.metadata = new MetadataAnswers(description.metadata());
    this.out = out;
    this.settings = settings;
  }

  void settings(SwarmSettings changed) {
    settings = changed;
  }

  /** The first words on a link: what we have, and which extensions we speak. */
  void open(Peer peer, long nowNanos) {
    peer.knowsTrees = hashes.isV2(peer.infoHash);
    boolean hide = superSeeder.isActive();
    if (hide) {
      superSeeder.hide(peer);
    }
    if (peer.fast && (hide || have.isEmpty())) {
      out.send(peer, new PeerMessage.HaveNone(), nowNanos);
    } else if (peer.fast && have.isFull()) {
      out.send(peer, new PeerMessage.HaveAll(), nowNanos);
    } else if (!hide && !have.isEmpty()) {
      out.send(peer, new PeerMessage.Bitfield(have.toBitfield()), nowNanos);
    }
    introduce(peer, nowNanos);
  }

  /** The first words on a link over which another machine has said that we have nothing. */
  void goOn(Peer peer, long nowNanos) {
    peer.knowsTrees = hashes.isV2(peer.infoHash);
    if (superSeeder.isActive()) {
      superSeeder.hide(peer);
    }
    for (int i = have.next(0); i >= 0 && !superSeeder.isActive(); i = have.next(i + 1)) {
      out.send(peer, new PeerMessage.Have(i), nowNanos);
    }
    introduce(peer, nowNanos);
  }

  private void introduce(Peer peer, long nowNanos) {
    if (peer.extended) {
      boolean uploadOnly = finished && !superSeeder.isActive();
      var ours = extensions(peer, settings, uploadOnly, metadata.size());
      out.send(peer, new PeerMessage.ExtensionHandshake(ours), nowNanos);
    }
  }

  private static Map<String, Integer> offered(SwarmSettings settings) {
    if (PeerExchange.punches(settings)) {
      return OFFERED;
    }
    return PeerExchange.isOn(settings) ? OFFERED_WITHOUT_UTP : OFFERED_IN_PRIVATE;
  }

  /** What an extension handshake of ours says. */
  static Extensions extensions(
      Peer peer, SwarmSettings settings, boolean uploadOnly, int metadataSize) {
    return new Extensions(
        offered(settings),
        CLIENT,
        settings.listenPort(),
        UploadQueue.REQUESTS_MAX,
        uploadOnly,
        metadataSize,
        !settings.plain(),
        peer.remote.withPort(0));
  }

  /** Whether we have all that we want: neighbours that have it too need not keep us (BEP 21). */
  void finished(boolean now, List<Peer> peers, long nowNanos) {
    finished = now;
    for (var peer : peers) {
      out.flush(peer, nowNanos);
      var theirs = peer.extensions;
      if (theirs != null && theirs.id(Extension.UPLOAD_ONLY.key()) != 0) {
        out.send(peer, new PeerMessage.UploadOnly(now), nowNanos);
      }
    }
  }

  /** A piece is ours now: everyone hears of it, those at once who may want it. */
  void announcePiece(int piece, List<Peer> peers, long nowNanos) {
    var news = new PeerMessage.Have(piece);
    for (var peer : peers) {
      if (isNoNews(peer, piece)) {
        out.sendLater(peer, piece, nowNanos);
      } else {
        out.send(peer, news, nowNanos);
      }
    }
  }

  /**
   * Whether a neighbour need not hear at once: it has the piece itself. Not so one that wants
   * nothing of ours: it may be a seed that waits for its pieces to be passed on (BEP 16).
   */
  private boolean isNoNews(Peer peer, int piece) {
    return peer.peerInterested && peer.has.contains(piece) && !settings.plain();
  }

  /** Gives back what a message to nobody carries. */
  static void discard(PeerMessage message) {
    if (message instanceof PeerMessage.Piece piece) {
      piece.block().release();
    }
  }

  /** Returns why the link must close, or null. */
  @Nullable CloseReason onMessage(Peer peer, PeerMessage message, long nowNanos) {
    peer.heard(nowNanos);
    var violation = hear(peer, message, nowNanos);
    return violation == null && peer.nuisance > 0 && Connector.isFlooding(peer, nowNanos)
        ? CloseReason.MESSAGE_FLOOD
        : violation;
  }

  private @Nullable CloseReason hear(Peer peer, PeerMessage message, long nowNanos) {
    return switch (message) {
      case PeerMessage.Piece piece -> downloader.onBlock(peer, piece, nowNanos);
      case PeerMessage.Request request -> uploader.onRequest(peer, request, nowNanos);
      case PeerMessage.Have(int index) -> onHave(peer, index, nowNanos);
      case PeerMessage.Choke() -> {
        peer.nuisance++; // also when it is news: nobody changes his mind many times a second
        downloader.onChoke(peer, nowNanos);
        yield null;
      }
      case PeerMessage.Unchoke() -> {
        nuisanceIf(peer, !peer.peerChoking);
        downloader.onUnchoke(peer, nowNanos);
        yield null;
      }
      case PeerMessage.Interested() -> {
        peer.nuisance++;
        choker.onInterest(peer, true);
        choker.fillFreeSlots(nowNanos);
        yield null;
      }
      case PeerMessage.NotInterested() -> {
        peer.nuisance++;
        choker.onInterest(peer, false);
        choker.fillFreeSlots(nowNanos);
        yield null;
      }
      case PeerMessage.Cancel cancel -> {
        peer.nuisance++;
        uploader.onCancel(peer, cancel, nowNanos);
        yield null;
      }
      case PeerMessage.Bitfield bitfield -> onBitfield(peer, bitfield, nowNanos);
      case PeerMessage.HaveAll() -> onHaveAll(peer, nowNanos);
      case PeerMessage.HaveNone() -> onHaveNone(peer, nowNanos);
      case PeerMessage.RejectRequest(int index, int begin, int _) -> {
        if (!peer.fast) {
          yield CloseReason.FAST_NOT_NEGOTIATED;
        }
        yield downloader.onReject(peer, index, begin, nowNanos);
      }
      case PeerMessage.AllowedFast(int index) -> onAllowedFast(peer, index, nowNanos);
      case PeerMessage.SuggestPiece(int index) -> onSuggest(peer, index, nowNanos);
      case PeerMessage.DontHave(int index) -> onDontHave(peer, index, nowNanos);
      case PeerMessage.UploadOnly(boolean only) -> {
        peer.nuisance++;
        peer.uploadOnly = only;
        yield null;
      }
      case PeerMessage.ExtensionHandshake(var extensions) -> {
        peer.onExtensions(extensions);
        peer.nuisance++;
        connector.onListenPort(peer, extensions.listenPort());
        connector.onOurAddress(peer, extensions.yourAddress());
        superSeeder.onReady(peer, nowNanos);
        yield null;
      }
      case PeerMessage.HashRequest request -> {
        onHashRequest(peer, request, nowNanos);
        yield null;
      }
      case PeerMessage.Hashes found -> guard.onHashes(peer, found);
      case PeerMessage.HashReject reject -> {
        guard.onReject(peer, reject, nowNanos);
        yield null;
      }
      case PeerMessage.Extended(int id, byte[] body) -> onExtended(peer, id, body, nowNanos);
      case PeerMessage.KeepAlive _, PeerMessage.Port _, PeerMessage.Unknown _ -> {
        peer.nuisance++;
        yield null;
      }
    };
  }

  private static void nuisanceIf(Peer peer, boolean nothingNew) {
    if (nothingNew) {
      peer.nuisance++;
    }
  }

  private @Nullable CloseReason onExtended(Peer peer, int id, byte[] body, long nowNanos) {
    if (id == Extension.UT_PEX.id()) {
      return exchange.onMessage(peer, body, nowNanos);
    }
    if (id == Extension.UT_HOLEPUNCH.id()) {
      exchange.holepunch().onMessage(peer, body, nowNanos);
      return null;
    }
    try {
      if (id == Extension.UT_METADATA.id()
          && MetadataMessage.parse(body) instanceof MetadataMessage.Request request) {
        metadata.answer(peer, request, out, nowNanos);
      } else {
        peer.nuisance++;
      }
      return null;
    } catch (WireException e) {
      return CloseReason.BAD_EXTENSION_MESSAGE;
    }
  }

  private void onHashRequest(Peer peer, PeerMessage.HashRequest m, long nowNanos) {
    boolean may = mayAskForHashes(peer, nowNanos);
    var found = may ? hashes.hashes(m.piecesRoot(), HashAsk.range(m)) : null;
    if (found != null) {
      peer.hashAnswers++;
      out.send(peer, HashAsk.answer(m, found), nowNanos);
    } else if (may && leafReads.begin(peer, m)) {
      peer.hashAnswers++;
    } else {
      peer.nuisance++;
      out.send(peer, HashAsk.reject(m), nowNanos);
    }
  }

  private static boolean mayAskForHashes(Peer peer, long nowNanos) {
    if (nowNanos - peer.hashSecondNanos >= SECOND) {
      peer.hashSecondNanos = nowNanos;
      peer.hashAnswers = 0;
    }
    return peer.hashAnswers < HASH_ANSWERS_PER_SECOND;
  }

  private @Nullable CloseReason checkIndex(int index) {
    return index < 0 || index >= have.pieceCount() ? CloseReason.BAD_INDEX : null;
  }

  private @Nullable CloseReason onHave(Peer peer, int index, long nowNanos) {
    var bad = checkIndex(index);
    if (bad != null) {
      return bad;
    }
    begin(peer);
    if (!peer.has.add(index)) {
      peer.nuisance++;
      return null;
    }
    peer.nuisance = Math.max(0, peer.nuisance - FORGIVEN_FOR_NEWS);
    downloader.onHave(peer, index, nowNanos);
    superSeeder.onHave(peer, index, nowNanos);
    return null;
  }

  private @Nullable CloseReason onDontHave(Peer peer, int index, long nowNanos) {
    var bad = checkIndex(index);
    if (bad != null) {
      return bad;
    }
    peer.nuisance += 1 + FORGIVEN_FOR_NEWS; // it may say that it has the piece again
    if (peer.has.remove(index)) {
      downloader.onDontHave(peer, index, nowNanos);
      superSeeder.onDontHave(peer, index);
    }
    return null;
  }

  /** What it has is told before anything else about pieces, once (BEP 3, 6). */
  private static void begin(Peer peer) {
    peer.saidPieces = true;
  }

  private @Nullable CloseReason onBitfield(
      Peer peer, PeerMessage.Bitfield bitfield, long nowNanos) {
    if (!bitfield.fits(have.pieceCount())) {
      return CloseReason.BAD_BITFIELD;
    }
    var pieces = PieceSet.ofBitfield(bitfield.bits(), have.pieceCount());
    if (peer.saidPieces) {
      return onMore(peer, pieces, nowNanos);
    }
    begin(peer);
    peer.has.addAll(pieces);
    downloader.onBitfield(peer, nowNanos);
    superSeeder.onPieces(peer, nowNanos);
    guard.onJoined(nowNanos);
    grants.offer(peer, nowNanos);
    return null;
  }

  /** Later than BEP 3 and 6 allow; aria2 puts many haves together like this. */
  private @Nullable CloseReason onMore(Peer peer, PieceSet pieces, long nowNanos) {
    peer.nuisance++;
    for (int index = pieces.next(0); index >= 0; index = pieces.next(index + 1)) {
      if (!peer.has.contains(index)) {
        onHave(peer, index, nowNanos);
      }
    }
    return null;
  }

  private @Nullable CloseReason onHaveAll(Peer peer, long nowNanos) {
    if (!peer.fast) {
      return CloseReason.FAST_NOT_NEGOTIATED;
    }
    if (peer.saidPieces) {
      return onMore(peer, PieceSet.all(have.pieceCount()), nowNanos);
    }
    begin(peer);
    peer.has.addAll();
    downloader.onBitfield(peer, nowNanos);
    superSeeder.onPieces(peer, nowNanos);
    guard.onJoined(nowNanos);
    return null;
  }

  private @Nullable CloseReason onHaveNone(Peer peer, long nowNanos) {
    if (!peer.fast) {
      return CloseReason.FAST_NOT_NEGOTIATED;
    }
    if (peer.saidPieces) {
      return CloseReason.LATE_HAVE_NONE;
    }
    begin(peer);
    downloader.onBitfield(peer, nowNanos);
    superSeeder.onPieces(peer, nowNanos);
    guard.onJoined(nowNanos);
    grants.offer(peer, nowNanos);
    return null;
  }

  /**
   * A suggestion (BEP 6) tells us that its uplink is idle. Which piece it names is of no interest:
   * rarest first decides that.
   */
  private @Nullable CloseReason onSuggest(Peer peer, int index, long nowNanos) {
    peer.nuisance++;
    if (!peer.fast) {
      return CloseReason.FAST_NOT_NEGOTIATED;
    }
    var bad = checkIndex(index);
    if (bad == null && !have.contains(index)) {
      downloader.onSuggest(peer, nowNanos);
    }
    return bad;
  }

  private @Nullable CloseReason onAllowedFast(Peer peer, int index, long nowNanos) {
    if (!peer.fast) {
      return CloseReason.FAST_NOT_NEGOTIATED;
    }
    var bad = checkIndex(index);
    if (bad != null) {
      return bad;
    }
    var allowed = peer.allowedFast;
    if (allowed == null) {
      allowed = new PieceSet(have.pieceCount());
      peer.allowedFast = allowed;
    }
    nuisanceIf(peer, !allowed.add(index));
    downloader.onAllowedFast(peer, nowNanos);
    return null;
  }
}
