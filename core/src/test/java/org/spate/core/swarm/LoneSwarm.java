package org.spate.core.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/** One swarm among peers that a test plays by hand, message by message. */
final class LoneSwarm {
  static final long SECOND = 1_000_000_000L;
  static final long FAST = Handshake.FAST | Handshake.EXTENSION_PROTOCOL;
  static final long PLAIN = 0;

  private static final Hash160 INFO_HASH = new Hash160(1, 2, 3);

  final Swarm swarm;
  final TestBlock.Register blocks = new TestBlock.Register();
  final List<SwarmEvent> told = new ArrayList<>();
  final ArrayDeque<SwarmOutput.ReadBlock> reads = new ArrayDeque<>();
  final List<SwarmOutput.WriteBlock> writes = new ArrayList<>();
  final List<SwarmOutput.VerifyPiece> verifications = new ArrayList<>();
  final List<SwarmOutput.ExpectLeaves> expected = new ArrayList<>();
  final List<SwarmOutput.HashLeaves> leafReads = new ArrayList<>();
  final List<Endpoint> dialled = new ArrayList<>();
  final List<Endpoint> punched = new ArrayList<>();
  private final Map<Integer, List<PeerMessage>> said = new HashMap<>();
  private final Map<Integer, CloseReason> closed = new HashMap<>();
  private final SplittableRandom random;
  private final PeerId self;
  private long now = SECOND;
  private int links;
  int wantPeers;

  LoneSwarm(PieceGeometry geometry, PieceSet have, SwarmSettings settings, long seed) {
    this(geometry, have, settings, seed, Description.NONE);
  }

  LoneSwarm(
      PieceGeometry geometry,
      PieceSet have,
      SwarmSettings settings,
      long seed,
      Description description) {
    random = new SplittableRandom(seed);
    self = PeerId.random(random);
    swarm = new Swarm(geometry, have, settings, self, random.split(), description);
    give(new SwarmInput.Resume());
  }

  /** A seed that shows what it has. */
  static LoneSwarm seed(PieceGeometry geometry) {
    return new LoneSwarm(geometry, PieceSet.all(geometry.pieceCount()), withoutSuperSeeding(), 1);
  }

  static LoneSwarm leecher(PieceGeometry geometry) {
    return new LoneSwarm(geometry, new PieceSet(geometry.pieceCount()), SwarmSettings.DEFAULT, 1);
  }

  static SwarmSettings withoutSuperSeeding() {
    return SwarmSettings.DEFAULT.withSuperSeeding(SwarmSettings.SuperSeeding.OFF);
  }

  long now() {
    return now;
  }

  PeerId self() {
    return self;
  }

  /** An incoming link from an address of its own. */
  int link(long flags) {
    return link(Endpoint.v4(0x0A000001 + links, 50000), true, flags, PeerId.random(random));
  }

  int link(Endpoint remote, boolean incoming, long flags, PeerId id) {
    int link = links++;
    said.put(link, new ArrayList<>());
    give(new SwarmInput.LinkOpened(link, remote, incoming, new Handshake(flags, INFO_HASH, id)));
    return link;
  }

  /** The same over uTP. */
  int utpLink(Endpoint remote, boolean incoming) {
    int link = nextLink();
    var route = new Route(Route.Transport.UTP, Route.Encryption.PLAIN, false);
    var handshake = new Handshake(FAST, INFO_HASH, anyId());
    give(new SwarmInput.LinkOpened(link, remote, incoming, route, handshake));
    return link;
  }

  /** Keeps what is said on a link that the test opens by itself. */
  void expect(int link) {
    said.put(link, new ArrayList<>());
  }

  PeerId anyId() {
    return PeerId.random(random);
  }

  /** The number of a link that the test opens itself. */
  int nextLink() {
    said.put(links, new ArrayList<>());
    return links++;
  }

  void says(int link, PeerMessage... messages) {
    for (var message : messages) {
      give(new SwarmInput.MessageReceived(link, message));
    }
  }

  /** A block as the message that brings it. */
  PeerMessage piece(int index, int begin, int length) {
    return new PeerMessage.Piece(index, begin, blocks.block(length, false));
  }

  void give(SwarmInput input) {
    swarm.accept(input, now);
    drain();
  }

  /** Storage answers what it was asked to read. */
  void readAll() {
    while (!reads.isEmpty()) {
      var read = reads.remove();
      var block = blocks.block(read.length(), false);
      give(new SwarmInput.BlockRead(read.link(), read.index(), read.begin(), block));
    }
  }

  void passSeconds(double seconds) {
    long until = now + (long) (seconds * SECOND);
    while (swarm.deadlineNanos() - until <= 0) {
      now = Math.max(now, swarm.deadlineNanos());
      swarm.advance(now);
      drain();
    }
    now = until;
  }

  private void drain() {
    for (var output = swarm.poll(); output != null; output = swarm.poll()) {
      switch (output) {
        case SwarmOutput.Dial(var remote) -> dialled.add(remote);
        case SwarmOutput.Punch(var remote) -> punched.add(remote);
        case SwarmOutput.Send(int link, var message) -> {
          said(link).add(message);
          Conversation.discard(message);
        }
        case SwarmOutput.CloseLink(int link, var reason) -> closed.put(link, reason);
        case SwarmOutput.ReadBlock read -> reads.add(read);
        case SwarmOutput.WriteBlock write -> {
          write.block().release();
          writes.add(write);
        }
        case SwarmOutput.VerifyPiece verify -> verifications.add(verify);
        case SwarmOutput.ExpectLeaves expect -> expected.add(expect);
        case SwarmOutput.HashLeaves hash -> leafReads.add(hash);
        case SwarmOutput.WantPeers() -> wantPeers++;
        case SwarmOutput.Notify(var event) -> told.add(event);
      }
    }
  }

  /** What the swarm has sent to a link. */
  List<PeerMessage> said(int link) {
    return said.get(link);
  }

  <T extends PeerMessage> List<T> said(int link, Class<T> kind) {
    return said(link).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Why the swarm closed a link, or null. */
  @Nullable CloseReason closed(int link) {
    return closed.get(link);
  }

  SwarmStatus.PeerStatus status(int link) {
    return swarm.status(now).peers().stream()
        .filter(peer -> peer.link() == link)
        .findAny()
        .orElseThrow();
  }
}
