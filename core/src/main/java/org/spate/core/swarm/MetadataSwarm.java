package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.MetainfoException;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.PieceLayers;
import org.spate.core.wire.Extension;
import org.spate.core.wire.MetadataMessage;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.WireException;

/**
 * The life of a torrent of which only the info-hash is known: it finds peers, fetches the info
 * dictionary from them (BEP 9) and then the piece layers (BEP 52). It takes and gives the inputs
 * and outputs of a {@link Swarm}, whose place it holds; what the swarm has to be told to go on with
 * the same links and addresses is its {@link #bequest}.
 *
 * <pre>
 *   FETCHING -- hash right --> LAYERS -- all there, or not needed --> FOUND
 *       \-- hash right, but no torrent that we take --> REFUSED
 * </pre>
 */
public final class MetadataSwarm implements Machine<SwarmInput, SwarmOutput> {
  private static final long SECOND = 1_000_000_000L;

  /** A hybrid's pieces can be checked by v1 alone if nobody answers hash requests for so long. */
  private static final long LAYERS_PATIENCE_NANOS = 10 * SECOND;

  /** A neighbour that offers nothing may stay so long when others wait for its place. */
  private static final long OFFER_PATIENCE_NANOS = 30 * SECOND;

  /** Bytes of bitfields of all neighbours that are kept for the swarm. */
  private static final int BITFIELD_BYTES_MAX = 16 << 20;

  private enum State {
    FETCHING,
    LAYERS,
    FOUND,
    REFUSED
  }

  private final Outbox out = new Outbox();
  private final Neighbours neighbours = new Neighbours();
  private final PeerTable table;
  private final Connector connector;
  private final PeerExchange exchange;
  private final MetadataFetch fetch;
  private final Map<Integer, Heard> heard = new LinkedHashMap<>(); // by link
  private final Map<Integer, SwarmInput.LinkOpened> openings = new LinkedHashMap<>(); // by link
  private SwarmSettings settings;
  private State state = State.FETCHING;
  private @Nullable InfoDictionary info;
  private @Nullable LayerFetch layers;
  private int layersDone;
  private long layersNanos; // when the last one came
  private boolean isRunning;
  private long tickNanos = NEVER;

  /**
   * @param infoHash what the metadata is checked against: each hash that is there
   * @param self our peer id, to know ourselves by
   */
  public MetadataSwarm(
      InfoHash infoHash, SwarmSettings settings, PeerId self, RandomGenerator random) {
    this.settings = settings;
    this.table = new PeerTable(random);
    this.connector = new Connector(neighbours, table, out, settings, self);
    this.exchange = new PeerExchange(neighbours, connector, out);
    exchange.settings(settings);
    this.fetch = new MetadataFetch(infoHash, out);
  }

  /**
   * @param info the dictionary of a torrent that lacks piece layers, which are fetched
   */
  public MetadataSwarm(
      InfoDictionary info, SwarmSettings settings, PeerId self, RandomGenerator random) {
    this(info.infoHash(), settings, self, random);
    this.info = info;
    this.layers = new LayerFetch(info, out);
    this.state = State.LAYERS;
  }

  @Override
  public void accept(SwarmInput input, long nowNanos) {
    switch (input) {
      case SwarmInput.LinkOpened opened ->
          onLinkOpened(exchange.holepunch().recognised(opened, nowNanos), nowNanos);
      case SwarmInput.MessageReceived(int link, var message) -> {
        var peer = neighbours.find(link);
        if (peer == null) {
          Conversation.discard(message);
        } else {
          onMessage(peer, message, nowNanos);
        }
      }
      case SwarmInput.LinkClosed(int link, var reason) -> {
        var peer = neighbours.find(link);
        if (peer != null) {
          forget(peer, reason, nowNanos);
        }
      }
      case SwarmInput.DialFailed(var remote) -> exchange.onDialFailed(remote, nowNanos);
      case SwarmInput.PeersFound(var source, var peers) -> {
        if (info == null || !info.isPrivate() || source.isForPrivate()) {
          connector.onFound(peers, source, nowNanos);
        }
      }
      case SwarmInput.PeersBanned(var peers) -> peers.forEach(table::ban);
      case SwarmInput.Resume() -> resume(nowNanos);
      case SwarmInput.Pause() -> pause(nowNanos);
      case SwarmInput.SettingsChanged(var changed) -> {
        settings = changed;
        connector.settings(changed);
        exchange.settings(changed);
      }
      case SwarmInput.BlockRead(_, _, _, var block) -> block.release();
      case SwarmInput.WebSeedOpened(int link, _) ->
          out.add(new SwarmOutput.CloseLink(link, CloseReason.PAUSED));
      case SwarmInput.WebSeedFailed _,
          SwarmInput.LinkInherited _,
          SwarmInput.PayloadSent _,
          SwarmInput.PieceVerified _,
          SwarmInput.BlockFailed _,
          SwarmInput.LeavesHashed _,
          SwarmInput.StorageFailed _,
          SwarmInput.PrioritiesChanged _ -> {} // nothing that there is without metadata
    }
    settle(nowNanos);
  }

  @Override
  public void advance(long nowNanos) {
    if (tickNanos != NEVER && tickNanos - nowNanos <= 0) {
      tickNanos = nowNanos + SECOND;
      tick(nowNanos);
    }
    settle(nowNanos);
  }

  @Override
  public @Nullable SwarmOutput poll() {
    return out.poll();
  }

  @Override
  public long deadlineNanos() {
    return tickNanos;
  }

  private void settle(long nowNanos) {
    if (state == State.FETCHING) {
      takeMetadata(nowNanos);
    }
    if (state == State.LAYERS && layers != null) {
      checkLayers(layers, nowNanos);
    }
    if (isRunning && state != State.REFUSED) {
      connector.dial(nowNanos);
    }
  }

  private void resume(long nowNanos) {
    if (!isRunning) {
      isRunning = true;
      tickNanos = nowNanos + SECOND;
      layersNanos = nowNanos;
      connector.lookForPeers(nowNanos);
    }
  }

  private void pause(long nowNanos) {
    isRunning = false;
    tickNanos = NEVER;
    for (var peer : List.copyOf(neighbours.all())) {
      close(peer, CloseReason.PAUSED, nowNanos);
    }
  }

  private void tick(long nowNanos) {
    fetch.tick(nowNanos);
    if (info == null || !info.isPrivate()) {
      exchange.everySecond(nowNanos);
    }
    if (layers != null) {
      layers.tick(nowNanos);
    }
    for (var peer : List.copyOf(neighbours.all())) {
      var reason = connector.check(peer, false, nowNanos);
      if (reason != null) {
        close(peer, reason, nowNanos);
      } else if (isInTheWay(peer, nowNanos)) {
        close(peer, CloseReason.USELESS, nowNanos);
      }
    }
    connector.lookForPeers(nowNanos);
  }

  private boolean isInTheWay(Peer peer, long nowNanos) {
    return state == State.FETCHING
        && neighbours.count() >= settings.linksWanted()
        && !fetch.isSource(peer)
        && nowNanos - peer.connectedNanos > OFFER_PATIENCE_NANOS;
  }

  // Links.

  private void onLinkOpened(SwarmInput.LinkOpened opened, long nowNanos) {
    var refusal = isRunning ? connector.refusal(opened, nowNanos) : CloseReason.PAUSED;
    if (refusal != null) {
      out.add(new SwarmOutput.CloseLink(opened.link(), refusal));
      connector.onRefused(opened, refusal, nowNanos);
      return;
    }
    var victim = connector.victim(opened, nowNanos);
    if (victim != null) {
      close(victim, CloseReason.REPLACED, nowNanos);
    }
    var loser = connector.loser(opened);
    var peer = connector.welcome(opened, loser, 0, nowNanos);
    if (loser != null) {
      close(loser, CloseReason.DUPLICATE, nowNanos);
    }
    heard.put(peer.link, new Heard());
    openings.put(peer.link, opened);
    out.tell(
        new SwarmEvent.PeerConnected(
            peer.link, peer.remote, peer.incoming, peer.source, peer.route));
    if (peer.fast) {
      out.send(peer, new PeerMessage.HaveNone(), nowNanos);
    }
    if (peer.extended) {
      var ours = Conversation.extensions(peer, settings, false, 0);
      out.send(peer, new PeerMessage.ExtensionHandshake(ours), nowNanos);
    }
    if (layers != null) {
      layers.onOpened(peer, nowNanos);
    }
  }

  private void close(Peer peer, CloseReason reason, long nowNanos) {
    out.add(new SwarmOutput.CloseLink(peer.link, reason));
    forget(peer, reason, nowNanos);
  }

  private void forget(Peer peer, CloseReason reason, long nowNanos) {
    neighbours.remove(peer);
    heard.remove(peer.link);
    openings.remove(peer.link);
    fetch.onGone(peer);
    if (layers != null) {
      layers.onGone(peer);
    }
    exchange.onGone(peer);
    connector.onClosed(peer, reason, nowNanos);
    out.tell(new SwarmEvent.PeerGone(peer.link, peer.remote, reason));
  }

  private void ban(Endpoint remote, long nowNanos) {
    if (table.ban(remote)) {
      out.tell(new SwarmEvent.MetadataPoisoned(remote));
    }
    for (var peer : List.copyOf(neighbours.all())) {
      if (peer.remote.equals(remote)) {
        close(peer, CloseReason.SENT_BAD_DATA, nowNanos);
      }
    }
  }

  // Messages.

  private void onMessage(Peer peer, PeerMessage message, long nowNanos) {
    peer.heard(nowNanos);
    var reason = hear(peer, message, nowNanos);
    for (var convict : fetch.takeConvicted()) {
      ban(convict, nowNanos);
    }
    if (neighbours.find(peer.link) == null) {
      return;
    }
    if (reason == CloseReason.SENT_BAD_DATA) {
      ban(peer.remote, nowNanos);
    } else if (reason != null) {
      close(peer, reason, nowNanos);
    } else if (peer.nuisance > 0 && Connector.isFlooding(peer, nowNanos)) {
      close(peer, CloseReason.MESSAGE_FLOOD, nowNanos);
    }
  }

  private @Nullable CloseReason hear(Peer peer, PeerMessage message, long nowNanos) {
    return switch (message) {
      case PeerMessage.ExtensionHandshake(var extensions) -> {
        peer.onExtensions(extensions);
        peer.nuisance++;
        connector.onListenPort(peer, extensions.listenPort());
        connector.onOurAddress(peer, extensions.yourAddress());
        fetch.onOffer(peer, nowNanos);
        yield null;
      }
      case PeerMessage.Extended(int id, byte[] body) -> onExtended(peer, id, body, nowNanos);
      case PeerMessage.Hashes hashes when layers != null -> layers.onHashes(peer, hashes, nowNanos);
      case PeerMessage.HashReject reject when layers != null -> {
        layers.onReject(peer, reject, nowNanos);
        yield null;
      }
      case PeerMessage.HashRequest m -> {
        var reject =
            new PeerMessage.HashReject(
                m.piecesRoot(), m.baseLayer(), m.index(), m.length(), m.proofLayers());
        out.send(peer, reject, nowNanos);
        yield idle(peer);
      }
      case PeerMessage.Piece _ -> {
        Conversation.discard(message);
        yield CloseReason.UNSOLICITED;
      }
      default -> note(peer, message);
    };
  }

  private @Nullable CloseReason onExtended(Peer peer, int id, byte[] body, long nowNanos) {
    if (id == Extension.UT_PEX.id()) {
      return exchange.onMessage(peer, body, nowNanos);
    }
    if (id == Extension.UT_HOLEPUNCH.id()) {
      exchange.holepunch().onMessage(peer, body, nowNanos);
      return null;
    }
    return id == Extension.UT_METADATA.id() ? onMetadata(peer, body, nowNanos) : idle(peer);
  }

  private static @Nullable CloseReason idle(Peer peer) {
    peer.nuisance++;
    return null;
  }

  private @Nullable CloseReason onMetadata(Peer peer, byte[] body, long nowNanos) {
    try {
      var message = MetadataMessage.parse(body);
      if (message instanceof MetadataMessage.Request request) {
        new MetadataAnswers(new byte[0]).answer(peer, request, out, nowNanos);
        return null;
      }
      return fetch.onMessage(peer, message, nowNanos);
    } catch (WireException e) {
      return CloseReason.BAD_EXTENSION_MESSAGE;
    }
  }

  private @Nullable CloseReason note(Peer peer, PeerMessage message) {
    peer.nuisance++;
    var known = heard.get(peer.link);
    if (known != null && known.note(message) && message instanceof PeerMessage.Bitfield) {
      long bytes = heard.values().stream().mapToLong(Heard::bitfieldLength).sum();
      return bytes > BITFIELD_BYTES_MAX ? CloseReason.TOO_MANY_LINKS : null;
    }
    return null;
  }

  // Metadata.

  private void takeMetadata(long nowNanos) {
    var found = fetch.found();
    if (found == null) {
      return;
    }
    try {
      var parsed = MetainfoParser.parseInfo(found);
      if (parsed.rootCertificate() != null) {
        // Those who tell it in the clear are none of the peers that it is meant for.
        throw new MetainfoException("it is an SSL torrent, to be had by its .torrent file alone");
      }
      info = parsed;
      state = State.LAYERS;
      layersNanos = nowNanos;
      if (parsed.isPrivate()) {
        keepPrivate(nowNanos);
      }
      var missing = new LayerFetch(parsed, out);
      layers = missing;
      neighbours.all().forEach(peer -> missing.onOpened(peer, nowNanos));
    } catch (MetainfoException e) {
      state = State.REFUSED;
      pause(nowNanos);
      out.tell(new SwarmEvent.MetadataRefused(String.valueOf(e.getMessage())));
    }
  }

  /** Now that it is known to be private, whoever was not found by a tracker has to go. */
  private void keepPrivate(long nowNanos) {
    table.becomePrivate();
    for (var peer : List.copyOf(neighbours.all())) {
      if (!peer.source.isForPrivate()) {
        close(peer, CloseReason.NOT_FOR_PRIVATE, nowNanos);
      }
    }
  }

  private void checkLayers(LayerFetch missing, long nowNanos) {
    var known = info;
    if (known == null) {
      return;
    }
    var done = missing.layers();
    if (done.byRoot().size() > layersDone) {
      layersDone = done.byRoot().size();
      layersNanos = nowNanos;
    }
    boolean isHopeless = !missing.hasSources() || nowNanos - layersNanos > LAYERS_PATIENCE_NANOS;
    if (missing.isComplete() || (known.infoHash().v1() != null && isHopeless)) {
      state = State.FOUND;
      found(known, done);
    }
  }

  private void found(InfoDictionary known, PieceLayers done) {
    layers = null;
    info = known.withLayers(done);
    out.tell(new SwarmEvent.MetadataFound(known.withLayers(done), done));
  }

  // Looking in from outside.

  /** The inputs by which a swarm takes over, after it has been resumed; this one must then rest. */
  public List<SwarmInput> bequest() {
    var inputs = new ArrayList<SwarmInput>();
    inputs.add(new SwarmInput.PeersBanned(table.banned()));
    for (var peer : neighbours.all()) {
      var messages = new ArrayList<PeerMessage>();
      if (peer.extensions != null) {
        messages.add(new PeerMessage.ExtensionHandshake(peer.extensions));
      }
      messages.addAll(heard.getOrDefault(peer.link, new Heard()).messages());
      var opened = openings.get(peer.link);
      if (opened != null) {
        inputs.add(new SwarmInput.LinkInherited(opened, peer.source, messages));
      }
    }
    for (var source : PeerSource.values()) {
      inputs.add(new SwarmInput.PeersFound(source, table.from(source)));
    }
    return inputs;
  }

  /** A snapshot; there is nothing to tell of pieces. */
  public SwarmStatus status(long nowNanos) {
    var peers = new ArrayList<SwarmStatus.PeerStatus>(neighbours.count());
    for (var peer : neighbours.all()) {
      peers.add(peer.status(nowNanos));
    }
    return new SwarmStatus(
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, !isRunning, table.size(), null, peers);
  }
}
