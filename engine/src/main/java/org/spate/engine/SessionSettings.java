package org.spate.engine;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.proxy.ProxyUrl;

/**
 * How a {@link Session} behaves; immutable. Made by a builder: {@code
 * SessionSettings.in(folder).port(0).build()}.
 *
 * @param downloadFolder where torrents go that name no folder of their own
 * @param stateFolder where resume data are kept
 * @param exclusiveState whether the state folder belongs to this session alone; else several
 *     processes may use it, each torrent by one of them
 * @param bind the local addresses to listen on, and to connect from: the first of each family.
 *     Empty for any
 * @param device the name of the only network interface that anything leaves by, or null
 * @param port TCP port for incoming links; 0 for any free one
 * @param sslPort TCP port for incoming links of SSL torrents, opened with the first of these; 0 for
 *     any free one
 * @param orAnyPort whether any free port will do where that one is taken
 * @param loops event loops; 0 for one for each core
 * @param linksMax most links of all torrents together
 * @param torrentLinksMax most links of one torrent
 * @param halfOpenMax most connections without a handshake at a time, each way
 * @param wantTcp whether links go over TCP
 * @param wantUtp whether links go over uTP
 * @param encryption whether links are encrypted; what is encrypted hides from boxes on the way, not
 *     from who knows the info-hash
 * @param proxy what everything goes through, names unresolved, or null. Then nothing listens, nor
 *     is anything looked for in the local network or asked of its router; what goes by UDP (uTP,
 *     UDP trackers, the DHT) needs one of SOCKS5 that relays it, and stays off otherwise
 * @param listensBesideProxy whether links are accepted that come around the proxy
 * @param downLimit bytes a second, 0 for none
 * @param upLimit bytes a second, 0 for none
 * @param ipFilter a list of addresses that no link is wanted with, read again when it changes; P2P
 *     plain text, eMule or CIDR; or null
 * @param authorities certificates (PEM) of those who may vouch for https servers besides whom Java
 *     trusts, or null
 * @param trustLocalTrackers whether trackers in the local network may be asked for more than {@code
 *     /announce}; a torrent from a stranger could use that to reach into it
 * @param peerExchange whether neighbours tell each other of peers (BEP 11); in private torrents
 *     they never do
 * @param localDiscovery whether peers are looked for in the local network by multicast (BEP 14);
 *     for private torrents they never are
 * @param trustLocalWebSeeds whether web seeds that a torrent names may be in the local network;
 *     those that the user names may
 * @param dhtRouters {@code host:port} of nodes to join the DHT by; null to do without the DHT
 * @param portMapping whether home routers are asked to let links in (PCP, NAT-PMP, UPnP)
 * @param isHeld whether the network stays untouched until {@link Session#start}
 * @param closeTimeout how long {@code stopped} announces may hold up {@link Session#close}
 * @param eventExecutor runs the listeners, in order; null for a thread of the session
 */
public record SessionSettings(
    Path downloadFolder,
    Path stateFolder,
    boolean exclusiveState,
    List<InetAddress> bind,
    @Nullable String device,
    int port,
    int sslPort,
    boolean orAnyPort,
    int loops,
    int linksMax,
    int torrentLinksMax,
    int halfOpenMax,
    boolean wantTcp,
    boolean wantUtp,
    EncryptionMode encryption,
    @Nullable ProxyUrl proxy,
    boolean listensBesideProxy,
    long downLimit,
    long upLimit,
    @Nullable Path ipFilter,
    @Nullable Path authorities,
    boolean trustLocalTrackers,
    boolean peerExchange,
    boolean localDiscovery,
    boolean trustLocalWebSeeds,
    @Nullable List<String> dhtRouters,
    boolean portMapping,
    boolean isHeld,
    Duration closeTimeout,
    @Nullable Executor eventExecutor) {

  /** Where links are expected if nothing else is said. */
  public static final int DEFAULT_PORT = 6881;

  public SessionSettings {
    bind = List.copyOf(bind);
    if (proxy != null) {
      localDiscovery = false;
      portMapping = false;
    }
    if (proxy != null && proxy.kind() == ProxyUrl.Kind.HTTP) {
      wantUtp = false;
      dhtRouters = null;
    }
    if (port < 0 || port > 0xFFFF || sslPort < 0 || sslPort > 0xFFFF) {
      throw new IllegalArgumentException("port out of range: " + port + ", " + sslPort);
    }
    if (loops < 0 || linksMax < 1 || torrentLinksMax < 1 || halfOpenMax < 1) {
      throw new IllegalArgumentException("loops and links must be positive");
    }
    if (!wantTcp && !wantUtp) {
      throw new IllegalArgumentException("neither TCP nor uTP leaves no way to a peer");
    }
    if (downLimit < 0 || upLimit < 0 || closeTimeout.isNegative()) {
      throw new IllegalArgumentException("limits and times must not be negative");
    }
  }

  /** Begins with everything in one folder; resume data in {@code .spate} below it. */
  public static Builder in(Path folder) {
    return new Builder(folder);
  }

  /** Settings in the making; each method changes one and returns the builder. */
  public static final class Builder {
    private final Path downloadFolder;
    private Path stateFolder;
    private boolean exclusiveState;
    private List<InetAddress> bind = List.of();
    private @Nullable String device;
    private int port = DEFAULT_PORT;
    private int sslPort;
    private boolean orAnyPort;
    private int loops;
    private int linksMax = 1_000;
    private int torrentLinksMax = 200;
    private int halfOpenMax = 100;
    private boolean wantTcp = true;
    private boolean wantUtp = true;
    private EncryptionMode encryption = EncryptionMode.ACCEPTED;
    private @Nullable ProxyUrl proxy;
    private boolean listensBesideProxy;
    private long downLimit;
    private long upLimit;
    private @Nullable Path ipFilter;
    private @Nullable Path authorities;
    private boolean trustLocalTrackers;
    private boolean peerExchange = true;
    private boolean localDiscovery;
    private boolean trustLocalWebSeeds;
    private @Nullable List<String> dhtRouters;
    private boolean portMapping;
    private boolean isHeld;
    private Duration closeTimeout = Duration.ofSeconds(5);
    private @Nullable Executor eventExecutor;

    private Builder(Path folder) {
      downloadFolder = folder;
      stateFolder = folder.resolve(".spate");
    }

    public Builder stateFolder(Path folder) {
      stateFolder = folder;
      return this;
    }

    /** The state folder belongs to this session alone. */
    public Builder exclusiveState() {
      exclusiveState = true;
      return this;
    }

    /** To one address, or to any for null. */
    public Builder bind(@Nullable InetAddress address) {
      return bind(address == null ? List.of() : List.of(address));
    }

    public Builder bind(List<InetAddress> addresses) {
      bind = addresses;
      return this;
    }

    /** Nothing leaves but by this network interface. */
    public Builder device(@Nullable String name) {
      device = name;
      return this;
    }

    public Builder port(int number) {
      port = number;
      return this;
    }

    /** For SSL torrents. */
    public Builder sslPort(int number) {
      sslPort = number;
      return this;
    }

    /** Any free port will do where the one that is set is taken. */
    public Builder orAnyPort() {
      orAnyPort = true;
      return this;
    }

    public Builder loops(int count) {
      loops = count;
      return this;
    }

    public Builder links(int most, int mostOfOneTorrent, int mostHalfOpen) {
      linksMax = most;
      torrentLinksMax = mostOfOneTorrent;
      halfOpenMax = mostHalfOpen;
      return this;
    }

    /** By what links go; one of them at least. */
    public Builder transports(boolean tcp, boolean utp) {
      wantTcp = tcp;
      wantUtp = utp;
      return this;
    }

    public Builder encryption(EncryptionMode mode) {
      encryption = mode;
      return this;
    }

    public Builder proxy(@Nullable ProxyUrl url) {
      proxy = url;
      return this;
    }

    /** Links are accepted that come around the proxy. */
    public Builder listenBesideProxy() {
      listensBesideProxy = true;
      return this;
    }

    /** Bytes a second, 0 for no limit. */
    public Builder limits(long down, long up) {
      downLimit = down;
      upLimit = up;
      return this;
    }

    public Builder localDiscovery() {
      localDiscovery = true;
      return this;
    }

    public Builder withoutPeerExchange() {
      peerExchange = false;
      return this;
    }

    public Builder ipFilter(@Nullable Path list) {
      ipFilter = list;
      return this;
    }

    /** Certificates of more authorities, PEM. */
    public Builder authorities(@Nullable Path certificates) {
      authorities = certificates;
      return this;
    }

    public Builder trustLocalTrackers() {
      trustLocalTrackers = true;
      return this;
    }

    public Builder trustLocalWebSeeds() {
      trustLocalWebSeeds = true;
      return this;
    }

    /**
     * Torrents that are not private take part in the DHT.
     *
     * @param routers {@code host:port} of nodes to join it by, besides those that earlier sessions
     *     and peers know; may be empty
     */
    public Builder dht(List<String> routers) {
      dhtRouters = List.copyOf(routers);
      return this;
    }

    /** Home routers are asked to let links in. */
    public Builder portMapping() {
      portMapping = true;
      return this;
    }

    /** The network stays untouched until {@link Session#start}. */
    public Builder held() {
      isHeld = true;
      return this;
    }

    public Builder closeTimeout(Duration timeout) {
      closeTimeout = timeout;
      return this;
    }

    public Builder eventExecutor(Executor executor) {
      eventExecutor = executor;
      return this;
    }

    public SessionSettings build() {
      return new SessionSettings(
          downloadFolder,
          stateFolder,
          exclusiveState,
          bind,
          device,
          port,
          sslPort,
          orAnyPort,
          loops,
          linksMax,
          torrentLinksMax,
          halfOpenMax,
          wantTcp,
          wantUtp,
          encryption,
          proxy,
          listensBesideProxy,
          downLimit,
          upLimit,
          ipFilter,
          authorities,
          trustLocalTrackers,
          peerExchange,
          localDiscovery,
          trustLocalWebSeeds,
          dhtRouters,
          portMapping,
          isHeld,
          closeTimeout,
          eventExecutor);
    }
  }
}
