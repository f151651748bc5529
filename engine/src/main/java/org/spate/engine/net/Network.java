package org.spate.engine.net;

import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.filter.IpFilter;

/** The network of a session: its loops, its listening socket, its dials and its limits. */
public final class Network {
  /** Links and half-open connections over uTP; a link's own limit is {@link Links}'. */
  private static final int UTP_CONNECTIONS_MAX = 4_000;

  private final NetworkSettings settings;
  private final Transport transport;
  private final ClientTls tls;
  private final Links links;
  private final Doorman doorman;
  private final Race race;
  private final Dialler dialler;
  private final UdpPort udp;
  private final TokenBucket downLimit;
  private final TokenBucket upLimit;
  private volatile int port;
  private volatile int tlsPort;
  private volatile @Nullable UtpDriver utp;

  /** Starts the loops; no socket is opened before {@link #listen} or {@link #dial}. */
  public Network(NetworkSettings settings) {
    this(settings, ClientTls.USUAL);
  }

  /**
   * @param tls how servers are known to be what they say
   */
  public Network(NetworkSettings settings, ClientTls tls) {
    this.settings = settings;
    this.tls = tls;
    this.transport =
        new Transport(
            settings.loopCount(), settings.wantNative(), settings.proxy(), settings.binding());
    this.links = new Links(settings.linksMax());
    int halfOpenMaxPerLoop = Math.ceilDiv(settings.halfOpenMax(), settings.loopCount());
    var random = new SecureRandom();
    this.doorman =
        new Doorman(
            transport,
            halfOpenMaxPerLoop,
            settings.handshakeTimeoutNanos(),
            settings.encryption(),
            random,
            links);
    this.race = new Race(transport, settings.wantTcp());
    this.dialler =
        new Dialler(
            race,
            settings.halfOpenMax(),
            settings.handshakeTimeoutNanos(),
            settings.encryption(),
            random,
            links);
    this.udp = new UdpPort(transport);
    this.downLimit = new TokenBucket(settings.downLimit());
    this.upLimit = new TokenBucket(settings.upLimit());
  }

  /**
   * Begins to accept links; behind a proxy, only those that come through it.
   *
   * @return the port, 0 if there is none
   * @throws ListenException if the address is not to be had
   */
  public int listen() {
    return listen(settings.port());
  }

  /** The same at any free port. */
  public int listenAnywhere() {
    return listen(0);
  }

  private int listen(int wanted) {
    if (settings.wantTcp() && !settings.isHidden()) {
      port = doorman.listen(transport.binding().listening(), wanted);
    }
    if (settings.wantUtp()) {
      listenUtp(wanted);
    }
    return port;
  }

  /**
   * Begins to accept links for torrents that want TLS; nothing happens where that is so.
   *
   * @param wanted the port, 0 for any free one
   * @throws ListenException if that is not to be had
   */
  public void listenTls(int wanted) {
    if (tlsPort == 0 && settings.wantTcp() && !settings.isHidden()) {
      tlsPort = doorman.listenTls(transport.binding().listening(), wanted);
    }
  }

  /** Where links of torrents that want TLS are accepted; 0 if nowhere. */
  public int tlsPort() {
    return tlsPort;
  }

  private void listenUtp(int wanted) {
    boolean isAlone = !settings.wantTcp();
    if (isAlone ? !udp.open(wanted) : !listenUdp()) {
      if (isAlone) {
        throw new ListenException("no UDP port is to be had, " + wanted + " or any");
      }
      return;
    }
    port = isAlone ? udp.number() : port;
    var driver =
        new UtpDriver(
            udp,
            UTP_CONNECTIONS_MAX,
            new SecureRandom(),
            channel -> doorman.accepted(channel, udp.loop()));
    utp = driver;
    udp.onUtp(driver);
    race.utp(driver);
  }

  /**
   * Opens the UDP port, of the same number as the TCP port if that is to be had: peers look for uTP
   * there.
   *
   * @return false if there is no port at all
   */
  public boolean listenUdp() {
    return udp.isOpen() || udp.open(port == 0 ? settings.port() : port) || udp.open(0);
  }

  /** What the DHT and uTP send and receive by. */
  public UdpPort udp() {
    return udp;
  }

  /** Where links are accepted; 0 before {@link #listen}. */
  public int port() {
    return port;
  }

  /** Whether links are accepted by TCP. */
  public boolean isListening() {
    return settings.wantTcp() && port != 0;
  }

  /** For what else needs sockets: trackers. */
  public Transport transport() {
    return transport;
  }

  /** What connections to servers are secured by. */
  public ClientTls tls() {
    return tls;
  }

  /** What looks up names. */
  public NameResolver names() {
    return transport.names();
  }

  /** Where sockets are bound to. */
  public Binding binding() {
    return transport.binding();
  }

  /** The loops in turn, for new torrents. */
  public Loop nextLoop() {
    return transport.nextLoop();
  }

  /**
   * Lets links in that name one of these hashes.
   *
   * @return false, and nothing has changed, if another torrent has one of them
   */
  public boolean admit(List<Hash160> infoHashes, LinkOwner owner) {
    for (var infoHash : infoHashes) {
      if (!doorman.admit(infoHash, owner)) {
        expel(infoHashes, owner);
        return false;
      }
    }
    return true;
  }

  public void expel(List<Hash160> infoHashes, LinkOwner owner) {
    infoHashes.forEach(infoHash -> doorman.expel(infoHash, owner));
  }

  /** Connects and shakes hands; ends in {@code opened} or {@code dialFailed} of the owner. */
  public void dial(Endpoint remote, LinkOwner owner) {
    dialler.dial(remote, owner);
  }

  /** The same by uTP alone, to somebody who dials us at the same time. */
  public void punch(Endpoint remote, LinkOwner owner) {
    dialler.punch(remote, owner);
  }

  /** Addresses that no new link is wanted with, either way. */
  public void filter(IpFilter unwanted) {
    doorman.filter(unwanted);
    dialler.filter(unwanted);
  }

  /** Bytes received by all torrents. */
  public TokenBucket downLimit() {
    return downLimit;
  }

  /** Bytes sent by all torrents. */
  public TokenBucket upLimit() {
    return upLimit;
  }

  public int linksOpen() {
    return links.open();
  }

  /** Accepts no more links. */
  public void stopListening() {
    doorman.close();
  }

  private void closeUtp() {
    var driver = utp;
    if (driver != null) {
      udp.loop().execute(driver::close);
    }
  }

  /** Ends the loops and with them every socket; waits until that is done or time is up. */
  public void close(long timeoutNanos) {
    doorman.close();
    closeUtp();
    udp.close();
    transport.close(timeoutNanos);
  }
}
