package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.HashRange;
import org.spate.core.metainfo.MerkleTree;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.SourceFile;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.core.metainfo.TorrentHashes;
import org.spate.core.metainfo.TorrentPlan;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/** How the sender of a wrong block of a v2 torrent is found at once (threat 22). */
class LeafGuardTest {
  private static final int BLOCK = 16384;
  private static final int PIECE = 4 * BLOCK;
  private static final int PIECES = 12; // of the long file; another file is one piece, of 3 blocks

  private final Metainfo metainfo = metainfo();
  private final LoneSwarm world = world(new PieceSet(PIECES + 1));
  private int addresses;

  private static Metainfo metainfo() {
    var sources =
        List.of(
            SourceFile.of(List.of("long"), (long) PIECES * PIECE),
            SourceFile.of(List.of("short"), 3 * BLOCK - 7));
    var options = CreationOptions.of("test", false, TorrentFormat.V2).withPieceLength(PIECE);
    var plan = TorrentPlan.of(sources, options);
    var hashes = new TorrentHashes(plan);
    for (int i = 0; i < plan.geometry().pieceCount(); i++) {
      hashes.put(i, null, MerkleTree.root(leaves(i), 0, 4));
    }
    return MetainfoParser.parse(hashes.write());
  }

  /** Made up; of the last piece three. */
  private static byte[] leaves(int piece) {
    var bytes = new byte[(piece == PIECES ? 3 : 4) * Hash256.BYTES];
    new SplittableRandom(piece).nextBytes(bytes);
    return bytes;
  }

  private static byte[] padded(byte[] leaves) {
    return Arrays.copyOf(leaves, 4 * Hash256.BYTES);
  }

  private LoneSwarm world(PieceSet have) {
    var settings = LoneSwarm.withoutSuperSeeding();
    var description = new Description(new HashAnswers(metainfo), new byte[0]);
    return new LoneSwarm(metainfo.geometry(), have, settings, 1, description);
  }

  private int v2Link() {
    return link(metainfo.infoHash().primary());
  }

  private int link(Hash160 infoHash) {
    int link = world.nextLink();
    var hello = new Handshake(LoneSwarm.FAST, infoHash, world.anyId());
    world.give(new SwarmInput.LinkOpened(link, address(addresses++), true, hello));
    return link;
  }

  private static Endpoint address(int number) {
    return Endpoint.v4(0x0B000000 + number, 6881);
  }

  /** A seed that unchokes us. */
  private int seed() {
    int link = v2Link();
    world.says(link, new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
    return link;
  }

  private List<PeerMessage.HashRequest> questions(int link) {
    return world.said(link, PeerMessage.HashRequest.class);
  }

  private void answers(int link, PeerMessage.HashRequest m) {
    int piece = m.index() / 4 + (m.piecesRoot().equals(root(1)) ? PIECES : 0);
    world.says(link, HashAsk.answer(m, padded(leaves(piece))));
  }

  private Hash256 root(int file) {
    var root = metainfo.files().files().get(file).piecesRoot();
    assertThat(root).isNotNull();
    return root;
  }

  private void sends(int link, PeerMessage.Request m) {
    world.says(link, world.piece(m.index(), m.begin(), m.length()));
  }

  @Test
  void theLeavesOfTheFirstPiecesOfAStrangerAreAskedOfOthers() {
    int other = v2Link();
    world.says(other, new PeerMessage.HaveAll()); // chokes us
    int stranger = seed();
    var wanted = world.said(stranger, PeerMessage.Request.class).stream().map(r -> r.index());
    assertThat(questions(stranger)).isEmpty();
    assertThat(questions(other)).hasSize((int) wanted.distinct().count());
    var first = questions(other).getFirst();
    assertThat(first.baseLayer()).isZero();
    assertThat(first.length()).isEqualTo(4);

    answers(other, first);
    assertThat(world.expected).hasSize(1);
    assertThat(world.expected.getFirst().leaves())
        .isEqualTo(padded(leaves(world.expected.getFirst().index())));
  }

  @Test
  void whoSendsAWrongBlockIsBannedBeforeThePieceIsThere() {
    int other = v2Link();
    world.says(other, new PeerMessage.HaveAll());
    int liar = seed();
    questions(other).forEach(question -> answers(other, question));
    var lie = world.said(liar, PeerMessage.Request.class).getFirst();
    sends(liar, lie);
    world.give(new SwarmInput.BlockFailed(lie.index(), lie.begin()));

    assertThat(world.closed(liar)).isEqualTo(CloseReason.SENT_BAD_DATA);
    assertThat(world.swarm.banned()).containsExactly(address(1));
    assertThat(world.verifications).isEmpty();

    int honest = seed();
    for (int i = 0; i < world.said(honest, PeerMessage.Request.class).size(); i++) {
      sends(honest, world.said(honest, PeerMessage.Request.class).get(i));
    }
    assertThat(world.said(honest)).contains(lie);
  }

  @Test
  void othersOfASpoiledPieceAreNotUnderSuspicionWhenItIsKnownWhoDidIt() {
    int a = seed();
    int b = seed();
    int helper = seed();
    questions(a).forEach(question -> answers(a, question));
    questions(b).forEach(question -> answers(b, question));
    questions(helper).forEach(question -> answers(helper, question));
    var piece = world.said(a, PeerMessage.Request.class).stream().limit(4).toList();
    piece.forEach(block -> sends(a, block));
    world.give(new SwarmInput.BlockFailed(piece.getFirst().index(), piece.getFirst().begin()));
    var digests = new long[4];
    world.give(new SwarmInput.PieceVerified(piece.getFirst().index(), false, digests));
    assertThat(world.swarm.banned()).containsExactly(address(0));
    assertThat(world.closed(b)).isNull();
  }

  @Test
  void whoHasSentAGoodPieceIsNotWatchedAnyMore() {
    int other = v2Link();
    world.says(other, new PeerMessage.HaveAll());
    int peer = seed();
    var piece = world.said(peer, PeerMessage.Request.class).stream().limit(4).toList();
    piece.forEach(block -> sends(peer, block));
    int askedBefore = questions(other).size();
    world.give(new SwarmInput.PieceVerified(piece.getFirst().index(), true, null));
    int late = world.said(peer, PeerMessage.Request.class).size();
    for (int i = 4; i < late; i++) {
      sends(peer, world.said(peer, PeerMessage.Request.class).get(i));
    }
    assertThat(questions(other)).hasSize(askedBefore);
  }

  @Test
  void anAnswerThatDoesNotFoldEndsTheLinkAndAnotherIsAsked() {
    int liar = v2Link();
    world.says(liar, new PeerMessage.HaveAll());
    int stranger = seed();
    var question = questions(liar).getFirst();
    world.says(liar, HashAsk.answer(question, new byte[4 * Hash256.BYTES]));
    assertThat(world.closed(liar)).isEqualTo(CloseReason.BAD_HASHES);
    assertThat(world.expected).isEmpty();

    int other = v2Link();
    world.says(other, new PeerMessage.HaveAll());
    world.passSeconds(7);
    assertThat(questions(other)).contains(question);
    assertThat(world.closed(stranger)).isNull();
  }

  @Test
  void whoRejectsOrIsSilentIsPassedOverAndTheStrangerItselfComesLast() {
    int silent = v2Link();
    int rejecting = v2Link();
    world.says(silent, new PeerMessage.HaveAll());
    world.says(rejecting, new PeerMessage.HaveAll());
    int stranger = seed();
    var question = questions(silent).getFirst();
    assertThat(questions(rejecting)).isEmpty();
    world.passSeconds(7);
    assertThat(questions(rejecting)).contains(question);
    assertThat(questions(stranger)).isEmpty();
    world.says(rejecting, HashAsk.reject(question));
    assertThat(questions(stranger)).contains(question);
  }

  @Test
  void peersOfV1AreNotAsked() {
    int old = link(new Hash160(9, 9, 9));
    world.says(old, new PeerMessage.HaveAll());
    int stranger = seed();
    assertThat(questions(old)).isEmpty();
    assertThat(questions(stranger)).isNotEmpty(); // it may well convict itself
  }

  @Test
  void hashesThatNobodyAskedForAreANuisance() {
    int link = v2Link();
    var unasked = new PeerMessage.Hashes(root(0), 0, 0, 4, 0, padded(leaves(0)));
    for (int i = 0; i <= Connector.NUISANCE_MAX; i++) {
      world.says(link, unasked);
    }
    assertThat(world.closed(link)).isEqualTo(CloseReason.MESSAGE_FLOOD);
    assertThat(world.expected).isEmpty();
  }

  @Test
  void theLeavesOfAFileOfOnePieceFoldToItsRoot() {
    var request = new HashAnswers(metainfo).leavesOf(PIECES);
    assertThat(request).isNotNull();
    assertThat(request.piecesRoot()).isEqualTo(root(1));
    assertThat(request.isProvedBy(padded(leaves(PIECES)))).isTrue();
    assertThat(request.isProvedBy(padded(leaves(0)))).isFalse();
  }

  // Answering.

  @Test
  void leavesAreReadForWhoAsksAndProveThemselvesUpToTheRoot() {
    var seed = world(PieceSet.all(PIECES + 1));
    int link = seed.link(LoneSwarm.FAST);
    for (int piece = 0; piece <= PIECES; piece++) {
      boolean isShort = piece == PIECES;
      var range = new HashRange(0, isShort ? 0 : 4 * piece, 4, isShort ? 1 : 5);
      var request =
          new PeerMessage.HashRequest(
              root(isShort ? 1 : 0), 0, range.index(), 4, range.proofLayers());
      seed.says(link, request);
      assertThat(seed.leafReads.removeFirst()).isEqualTo(new SwarmOutput.HashLeaves(link, piece));
      seed.give(new SwarmInput.LeavesHashed(link, piece, leaves(piece)));
      var answer = seed.said(link, PeerMessage.Hashes.class).getLast();
      assertThat(range.top(answer.hashes())).isEqualTo(request.piecesRoot());
    }
  }

  @Test
  void eachMayHaveOneReadUnderWayAndAllTogetherFew() {
    var seed = world(PieceSet.all(PIECES + 1));
    var request = new PeerMessage.HashRequest(root(0), 0, 0, 4, 0);
    int first = seed.link(LoneSwarm.FAST);
    seed.says(first, request, request);
    assertThat(seed.leafReads).hasSize(1);
    assertThat(seed.said(first)).contains(HashAsk.reject(request));
    for (int i = 0; i < 10; i++) {
      seed.says(seed.link(LoneSwarm.FAST), request);
    }
    assertThat(seed.leafReads).hasSize(LeafReads.READS_MAX);
    seed.give(new SwarmInput.LinkClosed(first, CloseReason.REMOTE));
    seed.give(new SwarmInput.LeavesHashed(first, 0, leaves(0))); // too late, to nobody
    seed.says(seed.link(LoneSwarm.FAST), request);
    assertThat(seed.leafReads).hasSize(LeafReads.READS_MAX + 1);
  }

  @Test
  void piecesThatAreNotHereHaveNoLeaves() {
    int link = world.link(LoneSwarm.FAST);
    var request = new PeerMessage.HashRequest(root(0), 0, 0, 4, 0);
    world.says(link, request);
    assertThat(world.leafReads).isEmpty();
    assertThat(world.said(link)).contains(HashAsk.reject(request));
  }
}
