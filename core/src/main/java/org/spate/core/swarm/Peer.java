package org.spate.core.swarm;

import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.wire.ExtensionTable;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/**
 * One neighbour: what both sides have, want and owe each other. Plain state, changed by its owners.
 */
final class Peer {
  /** Rates for tit-for-tat look back this far (two rechoke rounds). */
  private static final long RATE_WINDOW_NANOS = 20_000_000_000L;

  private static final int REQUEST_LIMIT = 250;

  final int link;
  final PieceSet has;
  final Endpoint remote;

  /** Where it can be dialled, once that is known: not where an incoming link comes from. */
  @Nullable Endpoint dialable;

  final boolean incoming;
  final PeerSource source;
  final Route route;
  final PeerId id;

  /** What it is besides if it is a web server, or null. */
  @Nullable WebSource web;

  final boolean fast;
  final boolean extended;
  final Hash160 infoHash;
  final long connectedNanos;

  /** Pieces it has that we want. */
  int wantedCount;

  boolean amChoking = true;
  boolean amInterested;
  boolean peerChoking = true;
  boolean peerInterested;

  /** It knows hash requests (BEP 52). */
  boolean knowsTrees;

  /** It took part in a piece that passed its hash. */
  boolean isProven;

  /** It said which pieces it has, so it may not send a bitfield any more. */
  boolean saidPieces;

  /** What its extension handshakes said, taken together. */
  @Nullable Extensions extensions;

  /** Requests it keeps for us; clients that do not say keep 250. */
  int requestLimit = REQUEST_LIMIT;

  final ExtensionTable ids = new ExtensionTable();

  boolean uploadOnly;
  boolean suggestsWhenIdle;

  // Downloading from it.
  final RequestPipeline pipeline = new RequestPipeline();
  final RateMeter downRate;
  long downloaded;

  /** It stands among the downloader's sources. */
  boolean isSource;

  /** When it last sent a block, or began to owe some. */
  long lastBlockNanos;

  /** Its requests were taken back, and no block has come since. */
  boolean overdue;

  boolean snubbed;

  /** Pieces it lets us request while it chokes us (BEP 6), or null. */
  @Nullable PieceSet allowedFast;

  /** Requests that were taken back and may still be answered: their blocks are not unsolicited. */
  int takenBack;

  /** It rejected a request: ask again only after something has changed. */
  boolean rejecting;

  // Uploading to it.
  final UploadQueue requests = new UploadQueue();
  final RateMeter upRate;
  final DrainMeter drain = new DrainMeter();
  long uploaded;

  /** Block bytes asked from storage or sent and not yet gone to the network. */
  int inFlight;

  /** When the network last took some of them, or there were none. */
  long lastTakenNanos;

  /** Pieces it may request while we choke it (BEP 6), or null. */
  FastGrants.@Nullable Granted granted;

  /** When the present second of hash requests began, and how many were answered in it. */
  long hashSecondNanos;

  int hashAnswers;

  /** The same for pieces of the info dictionary, and how many were sent over this link. */
  long metadataSecondNanos;

  int metadataInSecond;
  int metadataSent;

  /** Its request for hashes for which a piece is being read, or null. */
  PeerMessage.@Nullable HashRequest leafRead;

  /** It stands in the uploader's rotation. */
  boolean inRotation;

  /** Bytes served in its present turn, and of which piece. */
  int turnBytes;

  int turnPiece = -1;

  // Choking.
  long unchokedNanos;
  boolean optimistic;

  // Keeping the link.
  final LateNews lateNews = new LateNews();
  long lastReceivedNanos;
  long lastSentNanos;

  /** Messages that carried nothing new, less what is forgiven with time. */
  int nuisance;

  /** Up to when the time has been used to forgive. */
  long forgivenNanos;

  Peer(SwarmInput.LinkOpened opened, PeerSource source, int pieceCount, long nowNanos) {
    link = opened.link();
    remote = opened.remote();
    incoming = opened.incoming();
    dialable = incoming ? null : remote;
    this.source = source;
    route = opened.route();
    id = opened.handshake().peerId();
    fast = opened.handshake().supports(Handshake.FAST);
    extended = opened.handshake().supports(Handshake.EXTENSION_PROTOCOL);
    infoHash = opened.handshake().infoHash();
    has = new PieceSet(pieceCount);
    connectedNanos = nowNanos;
    lastReceivedNanos = nowNanos;
    lastSentNanos = nowNanos;
    lastBlockNanos = nowNanos;
    downRate = new RateMeter(RATE_WINDOW_NANOS);
    upRate = new RateMeter(RATE_WINDOW_NANOS);
  }

  /** An extension handshake; a later one adds to those before it (BEP 10). */
  void onExtensions(Extensions told) {
    extensions = extensions == null ? told : told.after(extensions);
    requestLimit = extensions.requestQueue() > 0 ? extensions.requestQueue() : REQUEST_LIMIT;
    uploadOnly = told.uploadOnly();
    suggestsWhenIdle = extensions.suggestsWhenIdle();
    ids.update(told);
  }

  /** Bytes of the info dictionary as it claims, or 0. */
  int metadataSize() {
    return extensions == null ? 0 : extensions.metadataSize();
  }

  /** A message of its has come; from now on time forgives what nuisance it is. */
  void heard(long nowNanos) {
    lastReceivedNanos = nowNanos;
    if (nuisance == 0) {
      forgivenNanos = nowNanos;
    }
  }

  boolean isSeed() {
    return has.isFull();
  }

  /** Whether a request of its is to be served now. */
  boolean mayRequest(int index, int length) {
    var exception = granted;
    return !amChoking || (exception != null && exception.serves(this, index, length));
  }

  /** Whether requests to it are in order now. */
  boolean canRequest() {
    return amInterested && (!peerChoking || allowedFast != null);
  }

  @Nullable String client() {
    return extensions == null ? null : extensions.client();
  }

  SwarmStatus.PeerStatus status(long nowNanos) {
    return new SwarmStatus.PeerStatus(
        link,
        remote,
        incoming,
        source,
        route,
        client(),
        has.size(),
        amChoking,
        amInterested,
        peerChoking,
        peerInterested,
        snubbed,
        (long) downRate.rate(nowNanos),
        (long) upRate.rate(nowNanos),
        downloaded,
        uploaded,
        pipeline.size(),
        requests.size());
  }
}
