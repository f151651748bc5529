package org.spate.engine;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.recording.Beginning;
import org.spate.core.recording.Recorder;
import org.spate.core.swarm.MetadataSwarm;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmSettings;
import org.spate.core.swarm.SwarmStatus;
import org.spate.core.wire.WireLimits;
import org.spate.engine.net.Loop;
import org.spate.engine.net.PeerTls;
import org.spate.engine.net.Throttle;
import org.spate.engine.net.TokenBucket;
import org.spate.engine.storage.TorrentStorage;

/** Makes the machines of one torrent and what drives them, as session and torrent are set. */
final class SwarmMaker {
  /** For one torrent: dead addresses keep a dial for ten seconds each. */
  private static final int DIALS_MAX = 50;

  private final Services services;
  private final Loop loop;
  private final TorrentOptions options;
  private final TokenBucket downLimit;
  private final TokenBucket upLimit;
  private final @Nullable RecordingFile recording;
  private final @Nullable Recorder recorder;
  private final @Nullable PeerTls tls;

  /**
   * @throws TorrentException CERTIFICATE for an SSL torrent that we cannot take part in
   */
  SwarmMaker(Services services, Loop loop, Origin origin, TorrentOptions options) {
    this.services = services;
    this.loop = loop;
    this.options = options;
    var known = origin.metainfo();
    this.tls = known == null ? null : TlsIdentity.secure(known.info(), options.identity());
    this.downLimit = new TokenBucket(options.downLimit());
    this.upLimit = new TokenBucket(options.upLimit());
    var path = options.recording();
    this.recording = path == null ? null : new RecordingFile(path, loop, services.diskPool());
    this.recorder = recording == null ? null : new Recorder(recording);
  }

  /** Whether it is an SSL torrent, whose links go over TLS. */
  boolean isSecured() {
    return tls != null;
  }

  /** Where the torrent is to be reached; 0 if nowhere. */
  int port() {
    return isSecured() ? services.reach().tlsPort() : services.reach().port();
  }

  /** Bytes a second, 0 for none; holds for what has been made, too. */
  void limit(long down, long up) {
    downLimit.limit(down);
    upLimit.limit(up);
  }

  /**
   * @param length of the torrent's data in bytes, 0 while that is not known
   */
  SwarmSettings settings(boolean sequential, boolean isPrivate, long length) {
    var usual = SwarmSettings.DEFAULT;
    int linksMax = services.settings().torrentLinksMax();
    return new SwarmSettings(
        linksMax,
        Math.min(usual.linksWanted(), linksMax),
        Math.min(DIALS_MAX, services.settings().halfOpenMax()),
        usual.uploadSlots(),
        Services.tighter(upLimit, services.network().upLimit()),
        sequential,
        options.superSeeding(),
        isPrivate,
        usual.leecherPolicy(),
        usual.seedPolicy(),
        usual.randomFirstPieces(),
        usual.requestSlackNanos(),
        usual.wholePieces(),
        port(),
        services.settings().peerExchange(),
        services.settings().wantUtp() && !isSecured(),
        (long) (options.upPerPeer() * length),
        usual.plain());
  }

  /** What asks peers for the metadata of a torrent, or the part of it that is missing. */
  SwarmDriver<MetadataSwarm> fetching(
      Origin origin, SwarmSettings settings, SwarmDriver.Listener listener) {
    var known = origin.metainfo();
    var swarm =
        known == null
            ? new MetadataSwarm(origin.infoHash(), settings, services.peerId(), dice())
            : new MetadataSwarm(known.info(), settings, services.peerId(), dice());
    var driver =
        new SwarmDriver<MetadataSwarm>(
            services,
            loop,
            origin.infoHash(),
            WireLimits.WITHOUT_METAINFO,
            throttle(downLimit, services.network().downLimit()),
            throttle(upLimit, services.network().upLimit()),
            null,
            swarm,
            swarm,
            0,
            listener);
    driver.secured(tls);
    return driver;
  }

  /**
   * @param before whose links had numbers that must not come again, or null
   */
  SwarmDriver<Swarm> swarm(
      Metainfo metainfo,
      PieceSet have,
      SwarmSettings settings,
      TorrentStorage storage,
      @Nullable SwarmDriver<?> before,
      SwarmDriver.Listener listener) {
    var beginning =
        new Beginning(metainfo, have, settings, services.peerId(), services.random().nextLong());
    var swarm = beginning.swarm();
    var driver =
        new SwarmDriver<Swarm>(
            services,
            loop,
            metainfo.infoHash(),
            WireLimits.forPieces(metainfo.geometry().pieceCount()),
            throttle(downLimit, services.network().downLimit()),
            throttle(upLimit, services.network().upLimit()),
            storage,
            swarm,
            recorder == null ? swarm : recorder.record(beginning, swarm),
            before == null ? 0 : before.nextLinkAfterAll(),
            listener);
    driver.secured(tls);
    driver.webSources(new WebSources(services.web(), metainfo, options.webSeeds()));
    return driver;
  }

  /** Nothing more is recorded; done when all that was is in its file. */
  CompletableFuture<Void> endRecording() {
    return recording == null ? CompletableFuture.completedFuture(null) : recording.close();
  }

  private static Throttle throttle(TokenBucket own, TokenBucket session) {
    return new Throttle(own, session);
  }

  private SplittableRandom dice() {
    return new SplittableRandom(services.random().nextLong());
  }

  /** The status of whichever machine leads the links, or of none. */
  static SwarmStatus status(
      Origin origin,
      @Nullable SwarmDriver<MetadataSwarm> fetching,
      @Nullable SwarmDriver<Swarm> driver) {
    if (driver != null) {
      return driver.swarm().status(Loop.nowNanos());
    }
    var metainfo = origin.metainfo();
    return fetching != null
        ? fetching.swarm().status(Loop.nowNanos())
        : nothingKnown(metainfo == null ? 0 : metainfo.geometry().pieceCount());
  }

  private static SwarmStatus nothingKnown(int pieceCount) {
    return new SwarmStatus(pieceCount, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, true, 0, null, List.of());
  }
}
