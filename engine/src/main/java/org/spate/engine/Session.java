package org.spate.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.dht.DhtSettings;
import org.spate.core.dht.DhtStatus;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.engine.dht.DhtService;
import org.spate.engine.dht.Routers;
import org.spate.engine.net.Binding;
import org.spate.engine.net.ClientTls;
import org.spate.engine.net.ListenException;
import org.spate.engine.net.Network;
import org.spate.engine.net.NetworkSettings;
import org.spate.engine.storage.StateFolder;
import org.spate.engine.storage.StorageException;
import org.spate.engine.tracker.TrackerClient;
import org.spate.engine.web.WebClient;

/**
 * Torrents that share a port, limits and a folder of resume data. Safe for any thread.
 *
 * <p>{@link #close} it: that tells the trackers and saves the resume data. A session that was
 * killed instead loses no verified piece, but has to look at some of them again.
 */
public final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final String USER_AGENT = "Spate/0.1.0";
  private static final long HANDSHAKE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long disks may take to save everything at the end. */
  private static final Duration STORAGE_CLOSE_TIMEOUT = Duration.ofSeconds(60);

  private final SessionSettings settings;
  private final Pools pools;
  private final Services services;
  private final Map<Hash160, TorrentHandle> torrents = new LinkedHashMap<>();
  private boolean isHeld;
  private volatile boolean isClosed;

  private @Nullable FilterFile filter;

  private Session(SessionSettings settings) {
    this.settings = settings;
    this.isHeld = true;
    var network = network(settings);
    this.pools = new Pools();
    try {
      var events = new Events(settings.eventExecutor());
      var states = StateFolder.open(settings.stateFolder(), settings.exclusiveState());
      this.services =
          new Services(
              settings,
              network,
              new TrackerClient(network, settings.trustLocalTrackers(), USER_AGENT),
              new WebClient(network, settings.trustLocalWebSeeds(), USER_AGENT),
              pools.storage(),
              states,
              events,
              new LocalDiscovery(
                  network.nextLoop(),
                  settings.localDiscovery(),
                  network.binding(),
                  network::port,
                  Long.toHexString(new SecureRandom().nextLong())),
              new Reachability(network, settings.portMapping(), events, this::onPortChanged),
              dht(network, states),
              pools.disks(),
              PeerId.random(new SecureRandom()),
              new SecureRandom());
    } catch (StorageException e) {
      network.close(0);
      pools.close();
      throw new TorrentException(
          TorrentException.Reason.STORAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable DhtService dht(Network network, StateFolder states) {
    var routers = settings.dhtRouters();
    return routers == null
        ? null
        : new DhtService(
            network.udp(),
            // Only those whom we asked get through a relay.
            settings.proxy() == null ? DhtSettings.DEFAULT : DhtSettings.VISITOR,
            new Routers(
                routers, node -> LinkPeers.isAllowed(node, network.binding()), network.names()),
            states.dht(),
            new SecureRandom());
  }

  private static Network network(SessionSettings settings) {
    var authorities = settings.authorities();
    try {
      var tls = authorities == null ? ClientTls.USUAL : ClientTls.trusting(authorities);
      return new Network(networkSettings(settings), tls);
    } catch (IOException e) {
      throw new TorrentException(
          TorrentException.Reason.STORAGE, authorities + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static NetworkSettings networkSettings(SessionSettings settings) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new NetworkSettings(
        new Binding(settings.bind(), settings.device()),
        settings.port(),
        settings.loops() == 0 ? cores : settings.loops(),
        true,
        settings.linksMax(),
        settings.halfOpenMax(),
        HANDSHAKE_TIMEOUT_NANOS,
        settings.wantTcp(),
        settings.wantUtp(),
        settings.encryption(),
        settings.proxy(),
        settings.listensBesideProxy(),
        settings.downLimit(),
        settings.upLimit());
  }

  /**
   * Opens a session.
   *
   * @throws TorrentException LISTEN or STORAGE if port or folders are not to be had
   */
  public static Session open(SessionSettings settings) {
    var session = new Session(settings);
    session.filterOrClose();
    if (!settings.isHeld()) {
      session.startOrClose();
    }
    return session;
  }

  private void filterOrClose() {
    try {
      filter = FilterFile.of(settings.ipFilter(), services.network());
    } catch (TorrentException e) {
      close();
      throw e;
    }
  }

  private void startOrClose() {
    try {
      start();
    } catch (TorrentException e) {
      close();
      throw e;
    }
  }

  /**
   * Lets a session that was opened held use the network; for others nothing happens.
   *
   * @throws TorrentException LISTEN if the port is not to be had
   */
  public synchronized void start() {
    if (!isHeld) {
      return;
    }
    try {
      listen();
    } catch (ListenException e) {
      throw new TorrentException(TorrentException.Reason.LISTEN, String.valueOf(e.getMessage()), e);
    }
    if (services.dht() != null && services.network().listenUdp()) {
      services.dht().open();
    }
    services.reach().begin();
    isHeld = false;
    torrents().forEach(this::listenFor);
    torrents.values().forEach(torrent -> torrent.tell(TorrentHost::release));
  }

  /** Sees to it that an SSL torrent has a port. */
  private void listenFor(TorrentHandle torrent) {
    if (isHeld || !torrent.isSecured()) {
      return;
    }
    try {
      services.network().listenTls(settings.sslPort());
      services.reach().begin();
    } catch (ListenException e) {
      throw new TorrentException(TorrentException.Reason.LISTEN, String.valueOf(e.getMessage()), e);
    }
  }

  private synchronized void onPortChanged() {
    torrents.values().forEach(torrent -> torrent.tell(TorrentHost::portChanged));
  }

  private void listen() {
    try {
      services.network().listen();
    } catch (ListenException e) {
      if (!settings.orAnyPort()) {
        throw e;
      }
      services.network().listenAnywhere();
    }
  }

  /** The port that links come in at; 0 before {@link #start}. */
  public int port() {
    return services.network().port();
  }

  /** Calls a listener for every event of every torrent from now on. */
  public void listen(TorrentListener listener) {
    services.events().listen(listener);
  }

  /** Calls a listener for every event of the session itself from now on. */
  public void listen(SessionListener listener) {
    services.events().listen(listener);
  }

  /**
   * Adds a torrent from a {@code .torrent} file.
   *
   * @throws UncheckedIOException if it cannot be read
   * @throws org.spate.core.metainfo.MetainfoException if it is not a sound torrent
   * @throws TorrentException DUPLICATE or CLOSED; for an SSL torrent also CERTIFICATE or LISTEN
   */
  public TorrentHandle add(Path torrentFile, TorrentOptions options) {
    try {
      if (Files.size(torrentFile) > MetainfoParser.LENGTH_MAX) {
        throw new IOException(torrentFile + " is too large for a torrent");
      }
      return add(Files.readAllBytes(torrentFile), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a torrent with the usual options. See {@link #add(Path, TorrentOptions)}. */
  public TorrentHandle add(Path torrentFile) {
    return add(torrentFile, TorrentOptions.DEFAULT);
  }

  /** Adds a torrent from the bytes of its file. See {@link #add(Path, TorrentOptions)}. */
  public TorrentHandle add(byte[] torrentFile, TorrentOptions options) {
    return add(MetainfoParser.parse(torrentFile), options);
  }

  /** Adds a torrent. See {@link #add(Path, TorrentOptions)}. */
  public TorrentHandle add(Metainfo metainfo, TorrentOptions options) {
    if (options.priorities() != null) {
      FileChoice.checked(metainfo.info(), options.priorities());
    }
    return add(Origin.of(metainfo), options);
  }

  /**
   * Adds a torrent of which no more is known than a magnet link tells: peers are asked for the
   * rest, unless that was done before and is in the state folder. The options may not have
   * priorities, since it is not known what files there are; see {@link FileSelector}.
   *
   * @throws TorrentException DUPLICATE, CLOSED, or STORAGE if the state folder cannot be read
   */
  public TorrentHandle add(MagnetLink link, TorrentOptions options) {
    if (options.priorities() != null) {
      throw new IllegalArgumentException("priorities for files that are not known");
    }
    var peers = new ArrayList<>(options.peers());
    peers.addAll(LinkPeers.allowed(link.peers(), services.network().binding()));
    try {
      var saved = services.states().metadata().load(link.infoHash());
      return add(Origin.of(link, saved), options.withPeers(peers));
    } catch (StorageException e) {
      throw TorrentException.storage(e);
    }
  }

  private synchronized TorrentHandle add(Origin origin, TorrentOptions options) {
    if (isClosed) {
      throw new TorrentException(TorrentException.Reason.CLOSED, "the session is closed", null);
    }
    for (var hash : origin.infoHash().swarms()) {
      if (torrents.containsKey(hash)) {
        throw new TorrentException(
            TorrentException.Reason.DUPLICATE, origin.name() + " is in the session", null);
      }
    }
    var torrent = new TorrentHandle(this, services, origin, options, isHeld);
    listenFor(torrent);
    origin.infoHash().swarms().forEach(hash -> torrents.put(hash, torrent));
    torrent.begin();
    return torrent;
  }

  /** More hashes of a torrent have become known; false if another torrent has one of them. */
  synchronized boolean claim(TorrentHandle torrent, InfoHash infoHash) {
    for (var hash : infoHash.swarms()) {
      if (torrents.getOrDefault(hash, torrent) != torrent) {
        return false;
      }
    }
    infoHash.swarms().forEach(hash -> torrents.put(hash, torrent));
    return true;
  }

  /** The torrents of now, in the order in which they were added. */
  public synchronized List<TorrentHandle> torrents() {
    return torrents.values().stream().distinct().toList();
  }

  /** Sets the limits of all torrents together: bytes a second, 0 for none. */
  public synchronized void limit(long down, long up) {
    if (down < 0 || up < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
    services.network().downLimit().limit(down);
    services.network().upLimit().limit(up);
    torrents.values().forEach(torrent -> torrent.tell(TorrentHost::limitsChanged));
  }

  /** Open links of all torrents. */
  public int linksOpen() {
    return services.network().linksOpen();
  }

  /** What the DHT looks like from here; no nodes if it is off or has not been needed so far. */
  public CompletableFuture<DhtStatus> dhtStatus() {
    var dht = services.dht();
    return dht == null ? CompletableFuture.completedFuture(new DhtStatus(List.of())) : dht.status();
  }

  boolean isClosed() {
    return isClosed;
  }

  synchronized void forget(TorrentHandle torrent) {
    torrents.values().removeIf(torrent::equals);
  }

  /**
   * Tells the trackers, saves the resume data, and ends; waits until that is done. Trackers that do
   * not answer within the settings' time are not waited for.
   */
  @Override
  public void close() {
    List<TorrentHandle> ending;
    synchronized (this) {
      if (isClosed) {
        return;
      }
      ending = torrents();
      torrents.clear();
    }
    services.network().stopListening();
    if (filter != null) {
      filter.close();
    }
    var ends = new ArrayList<CompletableFuture<Void>>();
    ends.add(services.reach().close());
    ending.forEach(torrent -> ends.add(torrent.end(false, false)));
    isClosed = true;
    await(CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)));
    services.local().close();
    if (services.dht() != null) {
      await(services.dht().close());
    }
    services.network().close(TimeUnit.SECONDS.toNanos(1));
    pools.close();
    services.states().close();
    services.events().close();
  }

  private void await(CompletableFuture<Void> ends) {
    try {
      var most = settings.closeTimeout().plus(STORAGE_CLOSE_TIMEOUT);
      ends.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("storage did not close in time; what it had verified is checked again next time");
    } catch (ExecutionException e) {
      LOG.warn("a torrent did not end in order", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
