package org.spate.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.Standing;
import org.spate.core.announce.TrackerStatus;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.swarm.PeerSource;
import org.spate.engine.net.Loop;

/**
 * The ways in which one torrent finds peers and is found, on its loop: its trackers, and where it
 * is not private (BEP 27) the local network and the DHT. Peers that a magnet link names are looked
 * up, too.
 */
final class Discovery {
  private final Services services;
  private final Loop loop;
  private final BooleanSupplier isPrivate;
  private final BiConsumer<PeerSource, List<Endpoint>> onPeers;
  private final Announcements announcements;
  private final DhtPresence dht;
  private final Standing standing;
  private final List<Hash160> announced = new ArrayList<>(); // in the local network
  private final List<String> peerNames;
  private InfoHash infoHash;
  private boolean isStarted;
  private boolean areNamesAsked;

  /**
   * @param isPrivate whether neither the local network nor the DHT is to hear of it (BEP 27)
   */
  Discovery(
      Services services,
      Loop loop,
      Origin origin,
      List<List<String>> trackers,
      Standing standing,
      BooleanSupplier isPrivate,
      Consumer<TorrentEvent> onEvent,
      BiConsumer<PeerSource, List<Endpoint>> onPeers) {
    this.services = services;
    this.loop = loop;
    this.infoHash = origin.infoHash();
    this.peerNames = origin.peerNames();
    this.standing = standing;
    this.isPrivate = isPrivate;
    this.onPeers = onPeers;
    this.dht =
        new DhtPresence(
            services,
            loop,
            origin.nodes(),
            isPrivate,
            peers -> onPeers.accept(PeerSource.DHT, peers));
    this.announcements =
        new Announcements(
            services,
            loop,
            origin.infoHash(),
            trackers,
            standing,
            onEvent,
            peers -> onPeers.accept(PeerSource.TRACKER, peers));
  }

  void start() {
    isStarted = true;
    announcements.start();
    joinNeighbourhood();
    askForNames();
    announceToDht();
  }

  private void askForNames() {
    boolean mayAsk = services.settings().proxy() == null; // a look-up would go around it
    if (mayAsk && !areNamesAsked && !peerNames.isEmpty()) {
      areNamesAsked = true;
      LinkPeers.resolve(
          peerNames, services.network(), loop, found -> onPeers.accept(PeerSource.USER, found));
    }
  }

  /** Done when the trackers have been told, or time is up. */
  CompletableFuture<Void> stop() {
    isStarted = false;
    joinNeighbourhood();
    dht.withdraw();
    return announcements.stop();
  }

  void completed() {
    announcements.completed();
    announceToDht();
  }

  void wantPeers() {
    announcements.wantPeers();
    dht.wantPeers();
  }

  /** The port that others are to be told is another one. */
  void portChanged() {
    if (isStarted) {
      announcements.wantPeers();
      announceToDht();
    }
  }

  /** More has become known of a torrent that came by a magnet link. */
  void identify(InfoHash whole) {
    infoHash = whole;
    announcements.identify(whole);
    joinNeighbourhood();
    announceToDht();
  }

  private void announceToDht() {
    if (isStarted) {
      dht.announce(infoHash, standing.left() == 0);
    }
  }

  DhtPresence dht() {
    return dht;
  }

  private void joinNeighbourhood() {
    var wanted = isStarted && !isPrivate.getAsBoolean() ? infoHash.swarms() : List.<Hash160>of();
    for (var hash : List.copyOf(announced)) {
      if (!wanted.contains(hash)) {
        announced.remove(hash);
        services.local().leave(hash);
      }
    }
    for (var hash : wanted) {
      if (!announced.contains(hash)) {
        announced.add(hash);
        services.local().join(hash, peer -> loop.execute(() -> found(peer)));
      }
    }
  }

  private void found(Endpoint peer) {
    if (isStarted && !isPrivate.getAsBoolean()) {
      onPeers.accept(PeerSource.LSD, List.of(peer));
    }
  }

  List<TrackerStatus> statuses() {
    return announcements.statuses();
  }
}
